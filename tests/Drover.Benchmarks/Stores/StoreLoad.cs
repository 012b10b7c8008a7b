using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Drover.Benchmarks.Bus;
using Drover.Bus;
using Drover.Contracts.Migrations;
using Drover.Coordinator;
using Drover.Store;
using Drover.Store.Outbox;
using Drover.Store.Schema;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drover.Benchmarks.Stores;

/// <summary>
/// Scripted agents and a client that moves guests on and on, the same for both stores. The client does what the HTTP API does: a command is one committed
/// outbox row. Embedded, the coordinator is in here too, as it is in <c>drover standalone</c>; clustered, it is a program of its own.
/// </summary>
internal sealed class StoreLoad : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> _awaited = [];
    private readonly List<double> _latencies = [];
    private readonly ScriptedAgents _script = new(SagaLoad.Hosts, SagaLoad.Guests);
    private readonly IHost _program;
    private CancellationTokenSource _enough = new();
    private Task _load = Task.CompletedTask;
    private readonly Lock _counting = new();
    private TaskCompletionSource _reached = new();
    private int _awaitedEnds;

    private StoreLoad(StoreOptions store, BusOptions transport)
    {
        var embedded = transport.Transport == BusTransport.InMemory;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddDroverStore(store);
        if (embedded)
            builder.Services.AddDroverCoordinator(new ConfigurationBuilder().AddInMemoryCollection(CoordinatorProcess.Dials).Build());
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddEntityFrameworkOutbox<DroverDbContext>(outbox =>
            {
                outbox.UseBusOutbox();
                if (!embedded)
                    return;
                outbox.UseDurableHop();
                outbox.ReceivingEndpoint = Wire.CommandQueue;
            });
            if (embedded)
                bus.AddDroverCoordinator();
            bus.UsingDrover(transport, (context, endpoints) =>
            {
                if (embedded)
                    endpoints.Coordinator(context);
                foreach (var host in _script.HostNames)
                    endpoints.Host(host, endpoint => _script.Configure(host, endpoint));
                foreach (var key in new[] { "migration.completed", "migration.failed", "command.rejected" })
                    endpoints.Events($"benchmark.{key}", key, queue => queue.Handler<EventBytes>(context => Note(context.Message)));
            });
        });
        _program = builder.Build();
    }

    public static Task<StoreLoad> Embedded(string folder) => Start(new StoreLoad(
        new StoreOptions { Database = Database.Sqlite, ConnectionString = $"Data Source={folder}/drover.db" },
        new BusOptions { Transport = BusTransport.InMemory }));

    public static Task<StoreLoad> Clustered(string database, Uri broker) => Start(new StoreLoad(new StoreOptions { ConnectionString = database }, new BusOptions { Url = broker }));

    /// <summary>Lets the first guests move, each on and on.</summary>
    public void Begin(int guests)
    {
        _enough = new CancellationTokenSource();
        _load = Task.WhenAll(_script.Names.Take(guests).Select(guest => Move(guest, _enough.Token)));
    }

    /// <summary>Returns when so many more lifecycles have ended.</summary>
    public async Task Next(int lifecycles)
    {
        Task reached;
        lock (_counting)
            (reached, _awaitedEnds) = ((_reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task, lifecycles);
        await await Task.WhenAny(reached, _load);   // the load ends by itself only when it fails
    }

    /// <summary>Lets what has begun end.</summary>
    public async Task End()
    {
        await _enough.CancelAsync();
        await _load;
        _enough.Dispose();
    }

    /// <summary>Of the lifecycles that have ended since it was asked last: milliseconds from sending the command to receiving its end.</summary>
    public double[] TakeLatencies()
    {
        lock (_counting)
        {
            double[] taken = [.. _latencies];
            _latencies.Clear();
            return taken;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _program.StopAsync();
        _program.Dispose();
        _enough.Dispose();
    }

    private static async Task<StoreLoad> Start(StoreLoad load)
    {
        await load.Read(db => db.ApplySchema(CancellationToken.None));
        await load._program.StartAsync();
        foreach (var report in load._script.Reports())
            await load._program.Services.GetRequiredService<IBus>().SendTo(Queues.HostReports, report, CancellationToken.None);
        await Testing.Eventually.Is(SagaLoad.Guests + 2 * SagaLoad.Hosts, () => load.Read(async db => await db.Guests.CountAsync() + await db.Lanes.CountAsync()));
        return load;
    }

    private async Task Move(string guest, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var id = Guid.CreateVersion7();
            var completed = _awaited[id] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var start = Stopwatch.GetTimestamp();
            await Send(new MigrateGuest { MigrationId = id, Guest = guest, Destination = _script.Next(guest) });
            await completed.Task.WaitAsync(Patience, CancellationToken.None);
            _awaited.TryRemove(id, out _);
            lock (_counting)
            {
                _latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                if (--_awaitedEnds == 0)
                    _reached.SetResult();
            }
        }
    }

    private async Task Send(MigrateGuest command)
    {
        await using var scope = _program.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DroverDbContext>();
        await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(Wire.Command(command));
        await using var transaction = await db.BeginWriteTransaction(CancellationToken.None);
        await db.SaveChangesAsync();
        await transaction.Commit(CancellationToken.None);
    }

    /// <summary>No guest fails to move here: if one does, whoever waits for anything is told at once.</summary>
    private Task Note(EventBytes received)
    {
        var body = JsonDocument.Parse(received.Body).RootElement;
        if (received.RoutingKey == "migration.completed")
            _awaited.GetValueOrDefault(body.GetProperty("migrationId").GetGuid())?.TrySetResult();
        else
            _awaited.Values.ToList().ForEach(waiting => waiting.TrySetException(new InvalidOperationException(body.ToString())));
        return Task.CompletedTask;
    }

    private async Task<T> Read<T>(Func<DroverDbContext, Task<T>> read)
    {
        await using var scope = _program.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<DroverDbContext>());
    }
}
