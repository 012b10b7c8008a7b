using System.Collections.Concurrent;
using Drover.Bus;
using Drover.Contracts.Agents;
using MassTransit;

namespace Drover.Coordinator.Tests;

public sealed record Guest(string Name, Guid Uuid)
{
    public static Guest Named(string name) => new(name, Guid.CreateVersion7());
}

/// <summary>An agent that answers at once what the test lets it answer; each hook can be replaced, and what is null stays silent.</summary>
public sealed class AgentDouble
{
    private readonly Guid agentId = Guid.CreateVersion7();
    private long report;

    public AgentDouble(string host) => Host = host;

    public string Host { get; }

    public Guest[] Guests { get; set; } = [];

    public long? MarkEpoch { get; set; }

    public ConcurrentQueue<object> Orders { get; } = [];

    public Func<CheckSource, SourceChecked?> OnCheckSource { get; set; } = order => new() { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch, Persistent = true };

    public Func<CheckDestination, DestinationChecked?> OnCheckDestination { get; set; } = order =>
        new() { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch, PeerUri = "qemu+tcp://10.0.0.9/system" };

    /// <summary>What follows the order to begin: by default it begins, and ends well at once.</summary>
    public Func<BeginTransfer, IEnumerable<object>> OnBegin { get; set; } = order => [Began(order), Ended(order)];

    /// <summary>Runs before the order to begin is answered: a place to look at the world from.</summary>
    public Func<Task> BeforeBegin { get; set; } = () => Task.CompletedTask;

    public Func<AbortTransfer, IEnumerable<object>> OnAbort { get; set; } = order =>
        [new TransferEnded { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch, Error = "aborted" }];

    public Func<ReportGuest, GuestSighting?> OnReport { get; set; } = _ => null;

    public static GuestSighting Absent { get; } = new() { Present = false };

    public static GuestSighting Running(Guid? mark = null, string job = "none") => new()
    {
        Present = true,
        Power = "running",
        PowerReason = "other",
        Job = job,
        MarkMigrationId = mark,
        MarkAttempt = mark is null ? null : 1,
        MarkEpoch = mark is null ? null : 2,
    };

    public static TransferBegan Began(BeginTransfer order) => new() { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch };

    public static TransferEnded Ended(BeginTransfer order, string? error = null) =>
        new() { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch, Error = error, Downtime = TimeSpan.FromMilliseconds(12), TransferredBytes = 1000, Passes = 3 };

    public HostReported NextReport() => new()
    {
        Host = Host,
        AgentId = agentId,
        Report = Interlocked.Increment(ref report),
        SentAt = DateTimeOffset.UnixEpoch,
        Inventory = new HostInventory
        {
            HostUuid = agentId,
            AgentVersion = "test",
            LibvirtVersion = "9.0.0",
            QemuVersion = "7.2.0",
            MemoryBytes = 1 << 30,
            FreeMemoryBytes = 1 << 29,
            Processors = 2,
            Links = [],
            Guests = [.. Guests.Select(guest => new HostGuest { Uuid = guest.Uuid, Name = guest.Name, MemoryBytes = 256 << 20, Vcpus = 1, Sighting = Running() with { MarkEpoch = MarkEpoch } })],
        },
    };

    public void Configure(IReceiveEndpointConfigurator endpoint)
    {
        Answer<CheckSource>(endpoint, order => OnCheckSource(order) is { } answer ? [answer] : []);
        Answer<CheckDestination>(endpoint, order => OnCheckDestination(order) is { } answer ? [answer] : []);
        Answer<BeginTransfer>(endpoint, order => OnBegin(order));
        Answer<AbortTransfer>(endpoint, order => OnAbort(order));
        Answer<ForceTransfer>(endpoint, _ => []);
        Answer<ForgetGuest>(endpoint, _ => []);
        endpoint.Handler<HostFloor>(context =>
        {
            Orders.Enqueue(context.Message);
            return Task.CompletedTask;
        });
        Answer<ReportGuest>(endpoint, order => OnReport(order) is { } sighting
            ? [new GuestReported { MigrationId = order.MigrationId, Question = order.Question, Host = Host, Sighting = sighting }]
            : []);
    }

    private void Answer<T>(IReceiveEndpointConfigurator endpoint, Func<T, IEnumerable<object>> answers)
        where T : class => endpoint.Handler<T>(async context =>
        {
            Orders.Enqueue(context.Message);
            if (context.Message is BeginTransfer)
                await BeforeBegin();
            var migrations = await context.GetSendEndpoint(new Uri($"exchange:{(context.Message is ReportGuest { AboutCopies: true } ? Queues.HostReports : Queues.Migrations)}"));
            foreach (var answer in answers(context.Message))
                await migrations.Send(answer, answer.GetType(), context.CancellationToken);
        });
}
