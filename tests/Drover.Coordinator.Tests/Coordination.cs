using System.Collections.Concurrent;
using System.Text.Json;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Agents;
using Drover.Contracts.Hosts;
using Drover.Contracts.Migrations;
using Drover.Scheduling;
using Drover.Store;
using Drover.Store.Migrations;
using Drover.Store.Outbox;
using Drover.Store.Schema;
using MassTransit;
using MassTransit.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drover.Coordinator.Tests;

/// <summary>A whole coordinator, with hosts whose agents answer as the test says: on SQLite and the in-memory transport unless the test brings a database and a broker.</summary>
public sealed class Coordination : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string folder = Directory.CreateTempSubdirectory("drover-coordinator-test-").FullName;
    private readonly IHost program;
    private readonly StoreOptions store;

    private Coordination(string[] hosts, Dictionary<string, string?> settings, string? postgres, Uri? broker, bool scheduler)
    {
        var store = postgres is null
            ? new StoreOptions { Database = Database.Sqlite, ConnectionString = $"Data Source={folder}/drover.db" }
            : new StoreOptions { ConnectionString = postgres };
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });

        // These hosts report when the test says so: on a slow machine they would fall silent meanwhile, and their lanes would close.
        builder.Configuration.AddInMemoryCollection([new("SilentAfter", "01:00:00")]).AddInMemoryCollection(settings);
        builder.Logging.AddFilter(level => level >= LogLevel.Warning);
        builder.Services.AddDroverStore(store);
        builder.Services.AddDroverCoordinator(builder.Configuration);
        Agents = hosts.ToDictionary(host => host, host => new AgentDouble(host));
        if (scheduler)
            builder.Services.AddDroverScheduling(store);
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddEntityFrameworkOutbox<DroverDbContext>(outbox =>
            {
                outbox.UseBusOutbox();
                if (broker is null)
                    outbox.UseDurableHop();
            });
            bus.AddDroverCoordinator();
            if (scheduler)
                bus.AddQuartzConsumers();
            bus.UsingDrover(new BusOptions { Transport = broker is null ? BusTransport.InMemory : BusTransport.RabbitMq, Url = broker }, (context, endpoints) =>
            {
                endpoints.Coordinator(context);
                foreach (var agent in Agents.Values)
                    endpoints.Host(agent.Host, agent.Configure);
                if (scheduler)
                    endpoints.Schedules(context);
                else
                    endpoints.Core(Queues.Schedules, Note);
                endpoints.Events("test.events", "#", e => e.Handler<EventBytes>(received =>
                {
                    Published.Add((received.Message.RoutingKey, JsonDocument.Parse(received.Message.Body).RootElement.Clone()));
                    return Task.CompletedTask;
                }));
            });
        });
        program = builder.Build();
        this.store = store;
    }

    public Dictionary<string, AgentDouble> Agents { get; }

    /// <summary>Schedules that were asked for, by token, with their times. They never come by themselves: the test sends what they would.</summary>
    public ConcurrentDictionary<Guid, DateTime> Armed { get; } = [];

    /// <summary>When retention wants to look again.</summary>
    public ConcurrentBag<DateTime> Rounds { get; } = [];

    /// <summary>Schedules that were taken back.</summary>
    public ConcurrentBag<Guid> TakenBack { get; } = [];

    public ConcurrentBag<(string Key, JsonElement Body)> Published { get; } = [];

    public static Task<Coordination> Start(string[] hosts, params (string Key, string Value)[] settings) => Start(hosts, settings, null, null);

    public static async Task<Coordination> Start(string[] hosts, (string Key, string Value)[] settings, string? postgres, Uri? broker, bool scheduler = false)
    {
        LogContext.Current = null!;
        var coordination = new Coordination(hosts, settings.ToDictionary(s => s.Key, s => (string?)s.Value), postgres, broker, scheduler);
        await using (var scope = coordination.program.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<DroverDbContext>().ApplySchema(TestContext.Current.CancellationToken);
        if (scheduler)
            await SchedulerSchema.Apply(coordination.store, TestContext.Current.CancellationToken);
        await coordination.program.StartAsync(TestContext.Current.CancellationToken);
        return coordination;
    }

    /// <summary>Reports a host with these guests, and waits until its lanes are open.</summary>
    public async Task Report(string host, params Guest[] guests)
    {
        var agent = Agents[host];
        agent.Guests = guests;
        await SendTo(Queues.HostReports, agent.NextReport());
        await Until(async db => await db.Lanes.CountAsync(lane => lane.Host == host) == 2 && await db.Guests.CountAsync(g => g.Host == host) == guests.Length);
    }

    /// <summary>The host's silence is noticed; its agent answers nothing any more.</summary>
    public async Task Silence(string host)
    {
        Agents[host].OnReport = _ => null;
        await Read(db => db.HostReports.Where(row => row.Host == host).ExecuteUpdateAsync(set => set.SetProperty(row => row.Silent, true)));
        await SendTo(Queues.Hosts, new Hosts.NoticeSilence { Host = host, LastReportAt = DateTimeOffset.UnixEpoch });
        await Until(db => db.Hosts.AnyAsync(saga => saga.Host == host && saga.CurrentState == "Silent"));
    }

    /// <summary>The present question has been open for long, and the state's time is over. The table's clock is the row, so the row is what the test sets.</summary>
    public Task LetTimePass() => Read(db => db.Migrations.Where(saga => saga.EndedAt == null).ExecuteUpdateAsync(set => set
        .SetProperty(saga => saga.AskedAt, saga => saga.AskedAt == null ? null : DateTimeOffset.UnixEpoch)
        .SetProperty(saga => saga.CheckAt, DateTimeOffset.UnixEpoch)));

    /// <summary>Time passes again and again, until the migration is in a state.</summary>
    public async Task<MigrationSaga> UntilStateAsTimePasses(Guid id, string state)
    {
        await Until(async db =>
        {
            if (await db.Migrations.AnyAsync(saga => saga.CorrelationId == id && saga.CurrentState == state))
                return true;
            await LetTimePass();
            return false;
        });
        return await UntilState(id, state);
    }

    public Task ConfirmDown(string host) => Command(new ConfirmHostDown { Host = host, RequestedBy = "anna", Reason = "power is off" });

    public Task Resolve(Guid id, ResolvedOutcome outcome, string statement) =>
        Command(new ResolveMigration { MigrationId = id, Outcome = outcome, Statement = statement, RequestedBy = "anna", Reason = "looked with virsh" });

    public async Task<JsonElement> UntilAnnounced(string key)
    {
        var row = await Until(async db => await db.Events.AsNoTracking().FirstOrDefaultAsync(e => e.RoutingKey == key), _ => Task.FromResult($"no {key}"));
        return JsonDocument.Parse(row.Body).RootElement.Clone();
    }

    public Task Migrate(Guid id, Guest guest, string to, int? priority = null, string? reason = null) =>
        Command(new MigrateGuest { MigrationId = id, Guest = guest.Name, Destination = to, Priority = priority, Reason = reason });

    public Task Cancel(Guid id) => Command(new CancelMigration { MigrationId = id, RequestedBy = "test" });

    public async Task Command<T>(T command)
        where T : class => await program.Services.GetRequiredService<IBus>().Publish(Wire.Command(command), TestContext.Current.CancellationToken);

    public Task Raw(string key, byte[] body) => program.Services.GetRequiredService<IBus>().Publish(new WireCommand { RoutingKey = key, Body = body }, TestContext.Current.CancellationToken);

    public async Task SendTo<T>(string queue, T message)
        where T : class => await program.Services.GetRequiredService<IBus>().SendTo(queue, message, TestContext.Current.CancellationToken);

    /// <summary>Sends to a queue behind the inbox, and waits until the message has been handled and its effects are committed.</summary>
    public async Task Handled<T>(string queue, T message)
        where T : class
    {
        var id = Guid.CreateVersion7();
        var endpoint = await program.Services.GetRequiredService<IBus>().GetSendEndpoint(new Uri($"exchange:{queue}"));
        await endpoint.Send(message, context => context.MessageId = id, TestContext.Current.CancellationToken);
        await Until(db => db.Set<InboxState>().AnyAsync(row => row.MessageId == id));
    }

    public Task<MigrationSaga> UntilState(Guid id, string state) => Until(
        async db => await db.Migrations.AsNoTracking().FirstOrDefaultAsync(saga => saga.CorrelationId == id && saga.CurrentState == state),
        async db => $"migration is {(await db.Migrations.AsNoTracking().FirstOrDefaultAsync(saga => saga.CorrelationId == id)) switch { null => "unknown", var s => $"{s.CurrentState}: {s.StateReason}" }}, not {state}");

    public async Task<JsonElement> UntilRejected(Guid id)
    {
        var row = await Until(async db => await db.Events.AsNoTracking().FirstOrDefaultAsync(e => e.MigrationId == id && e.RoutingKey == "command.rejected"), _ => Task.FromResult("no rejection"));
        return JsonDocument.Parse(row.Body).RootElement.Clone();
    }

    public Task Until(Func<DroverDbContext, Task<bool>> condition) =>
        Until<object>(async db => await condition(db) ? this : null, async db =>
            "the condition did not come true; migrations are "
            + string.Join(", ", (await db.Migrations.GroupBy(saga => saga.CurrentState).Select(group => new { group.Key, Count = group.Count() }).ToListAsync()).Select(g => $"{g.Count} {g.Key}"))
            + $", {await db.Waiting.CountAsync()} wait, {await db.Slots.CountAsync()} slots are held");

    public async Task<T> Read<T>(Func<DroverDbContext, Task<T>> read)
    {
        await using var scope = program.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<DroverDbContext>());
    }

    /// <summary>Counts the messages of one type that this coordinator has handled.</summary>
    public Handled<T> Count<T>()
        where T : class
    {
        var count = new Handled<T>();
        program.Services.GetRequiredService<IBus>().ConnectConsumeMessageObserver(count);
        return count;
    }

    /// <summary>The migration's events in order, and that their numbers have no gap.</summary>
    public async Task<IReadOnlyList<string>> Story(Guid id)
    {
        var events = await Read(db => db.Events.AsNoTracking().Where(e => e.MigrationId == id && e.Sequence != null).OrderBy(e => e.Sequence).ToListAsync());
        Assert.Equal(Enumerable.Range(1, events.Count).Select(n => (long?)n), events.Select(e => e.Sequence));
        return [.. events.Select(e => e.RoutingKey)];
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await program.StopAsync(patience.Token);
        program.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private void Note(IReceiveEndpointConfigurator schedules)
    {
        schedules.Handler<ScheduleMessage>(context =>
        {
            if (context.Message.Destination.AbsolutePath == Queues.Migrations)
                Armed[context.Message.CorrelationId] = context.Message.ScheduledTime;
            else
                Rounds.Add(context.Message.ScheduledTime);
            return Task.CompletedTask;
        });
        schedules.Handler<CancelScheduledMessage>(context =>
        {
            TakenBack.Add(context.Message.TokenId);
            return Task.CompletedTask;
        });
    }

    private async Task<T> Until<T>(Func<DroverDbContext, Task<T?>> condition, Func<DroverDbContext, Task<string>> otherwise)
        where T : class
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            while (true)
            {
                if (await Read(condition) is { } found)
                    return found;
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(await Read(otherwise));
        }
    }
}
