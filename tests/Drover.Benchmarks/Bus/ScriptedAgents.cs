using System.Collections.Concurrent;
using Drover.Bus;
using Drover.Contracts.Agents;
using MassTransit;

namespace Drover.Benchmarks.Bus;

/// <summary>The agents of many hosts that answer every order at once, with the truth: a guest is where its last transfer took it.</summary>
internal sealed class ScriptedAgents
{
    private static readonly Uri Answers = new($"exchange:{Queues.Migrations}");
    private readonly Dictionary<Guid, string> _guests;
    private readonly Dictionary<string, Guid> _ids;
    private readonly ConcurrentDictionary<Guid, (string Host, BeginTransfer? By)> _places;

    public ScriptedAgents(int hosts, int guests)
    {
        HostNames = [.. Enumerable.Range(1, hosts).Select(n => $"host-{n}")];
        _guests = Enumerable.Range(1, guests).ToDictionary(_ => Guid.CreateVersion7(), n => $"guest-{n}");
        _ids = _guests.ToDictionary(guest => guest.Value, guest => guest.Key);
        _places = new(_guests.Keys.Select((id, n) => KeyValuePair.Create(id, (HostNames[n % hosts], (BeginTransfer?)null))));
    }

    public string[] HostNames { get; }

    public IEnumerable<string> Names => _ids.Keys;

    /// <summary>The host after the one where the guest is.</summary>
    public string Next(string guest) => HostNames[(Array.IndexOf(HostNames, _places[_ids[guest]].Host) + 1) % HostNames.Length];

    /// <summary>Each host's first report.</summary>
    public IEnumerable<HostReported> Reports() => HostNames.Select(host => new HostReported
    {
        Host = host,
        AgentId = Guid.CreateVersion7(),
        Report = 1,
        SentAt = DateTimeOffset.UtcNow,
        Inventory = new HostInventory
        {
            HostUuid = Guid.CreateVersion7(),
            AgentVersion = "benchmark",
            LibvirtVersion = "9.0.0",
            QemuVersion = "7.2.0",
            MemoryBytes = 1L << 40,
            FreeMemoryBytes = 1L << 39,
            Processors = 64,
            Links = [],
            Guests = [.. _guests.Where(guest => _places[guest.Key].Host == host).Select(guest => new HostGuest
            {
                Uuid = guest.Key,
                Name = guest.Value,
                MemoryBytes = 256 << 20,
                Vcpus = 1,
                Sighting = new GuestSighting { Present = true, Power = "running", PowerReason = "other", Job = "none" },
            })],
        },
    });

    public void Configure(string host, IReceiveEndpointConfigurator endpoint)
    {
        Answer<CheckSource>(endpoint, order => [new SourceChecked { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch, Persistent = true }]);
        Answer<CheckDestination>(endpoint, order =>
            [new DestinationChecked { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch, PeerUri = "qemu+tcp://10.0.0.9/system" }]);
        Answer<BeginTransfer>(endpoint, order =>
        {
            _places[order.GuestUuid] = (order.Destination, order);
            return
            [
                new TransferBegan { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch },
                new TransferEnded
                {
                    MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch, Downtime = TimeSpan.FromMilliseconds(12), TransferredBytes = 100_000_000, Passes = 3,
                },
            ];
        });
        Answer<ReportGuest>(endpoint, order => [new GuestReported { MigrationId = order.MigrationId, Question = order.Question, Host = host, Sighting = Sight(host, order.GuestUuid) }]);
    }

    private GuestSighting Sight(string host, Guid guest) => _places[guest] is var (place, by) && place == host
        ? new GuestSighting { Present = true, Power = "running", PowerReason = "other", Job = "none", MarkMigrationId = by?.MigrationId, MarkAttempt = by?.Attempt, MarkEpoch = by?.Epoch }
        : new GuestSighting { Present = false };

    private static void Answer<T>(IReceiveEndpointConfigurator endpoint, Func<T, object[]> answers)
        where T : class => endpoint.Handler<T>(async context =>
        {
            var migrations = await context.GetSendEndpoint(Answers);
            foreach (var answer in answers(context.Message))
                await migrations.Send(answer, answer.GetType(), context.CancellationToken);
        });
}
