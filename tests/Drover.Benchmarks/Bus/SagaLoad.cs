using System.Diagnostics;
using System.Text.Json;
using Drover.Bus;
using Drover.Contracts.Agents;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Drover.Benchmarks.Bus;

/// <summary>A coordinator as it is installed, scripted agents, and as many migrations at once as there are guests: the next begins when one has ended.</summary>
internal sealed class SagaLoad : IAsyncDisposable
{
    public const int Hosts = 32;
    public const int Guests = 64;
    public const int WarmUp = 1500;

    /// <summary>A request, a grant, two checks, the transfer's start and end, two sightings.</summary>
    public const int MessagesEach = 8;

    /// <summary>A saga message on the wire, envelope included.</summary>
    public const int AnswerBytes = 1100;

    private readonly Process _coordinator;
    private readonly IHost _agents;
    private readonly Client _client;
    private readonly ScriptedAgents _script;
    private readonly string _database;
    private int _ended;

    private SagaLoad(Process coordinator, IHost agents, Client client, ScriptedAgents script, string database) =>
        (_coordinator, _agents, _client, _script, _database) = (coordinator, agents, client, script, database);

    public static async Task<SagaLoad> Start(Uri broker, string database, CancellationToken cancellationToken)
    {
        var coordinator = await CoordinatorProcess.Start(broker, database, logLevel: "Information", cancellationToken);
        var script = new ScriptedAgents(Hosts, Guests);
        var agents = Agents(broker, script);
        await agents.StartAsync(cancellationToken);
        foreach (var report in script.Reports())
            await agents.Services.GetRequiredService<IBus>().SendTo(Queues.HostReports, report, cancellationToken);
        await UntilTheGuestsAreKnown(database, cancellationToken);
        return new SagaLoad(coordinator, agents, await Client.Connect(broker, "migration.completed", cancellationToken), script, database);
    }

    public Task WarmUpAll(CancellationToken cancellationToken) => Drive(() => _ended < WarmUp, cancellationToken);

    /// <summary>Runs at full load; the first second, in which the load builds up, does not count.</summary>
    public async Task<SagaSlice> Run(TimeSpan time, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var load = Drive(() => !enough.IsCancellationRequested, cancellationToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        await timer.WaitForNextTickAsync(cancellationToken);
        var (start, ended, consumed, cpu) = (Stopwatch.GetTimestamp(), _ended, await Consumed(cancellationToken), CpuTimes.Now(_coordinator.Id));
        timer.Period = time;
        await timer.WaitForNextTickAsync(cancellationToken);
        var (seconds, messages, spent) = (Stopwatch.GetElapsedTime(start).TotalSeconds, (_ended - ended) * MessagesEach, CpuTimes.Now(_coordinator.Id) - cpu);
        var all = await Consumed(cancellationToken) - consumed;
        await enough.CancelAsync();
        await load;
        return new SagaSlice(messages / seconds, all / seconds, spent.Coordinator / messages, spent.Postgres / messages, spent.Broker / messages, spent.Measuring / messages);
    }

    public async ValueTask DisposeAsync()
    {
        _coordinator.Kill();    // first: it would complain of everything else that goes
        await _coordinator.WaitForExitAsync();
        await _client.DisposeAsync();
        await _agents.StopAsync();
        _agents.Dispose();
        _coordinator.Dispose();
    }

    /// <summary>Each guest is moved on and on, until it is enough.</summary>
    private Task Drive(Func<bool> goOn, CancellationToken cancellationToken) => Task.WhenAll(_script.Names.Select(async guest =>
    {
        while (goOn())
        {
            var id = Guid.CreateVersion7();
            await _client.Command("migrate-guest", new { migrationId = id, guest, destination = _script.Next(guest) }, cancellationToken);
            await _client.Event(id, "migration.completed", cancellationToken);
            _client.Forget(id, "migration.completed");
            Interlocked.Increment(ref _ended);
        }
    }));

    internal static IHost Agents(Uri broker, ScriptedAgents script)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddMassTransit(bus => bus.UsingDrover(new BusOptions { Url = broker }, (_, endpoints) =>
        {
            foreach (var host in script.HostNames)
                endpoints.Host(host, endpoint => script.Configure(host, endpoint));
        }));
        return builder.Build();
    }

    internal static Task UntilTheGuestsAreKnown(string database, CancellationToken cancellationToken, int guests = Guests, int hosts = Hosts) =>
        Testing.Eventually.Is(guests + 2 * hosts, () => Count(database, "SELECT (SELECT count(*) FROM guest) + (SELECT count(*) FROM lane)", cancellationToken));

    /// <summary>Messages that the coordinator has consumed: each leaves a row in the transaction of its effects.</summary>
    private Task<long> Consumed(CancellationToken cancellationToken) => Count(_database, "SELECT count(*) FROM inbox", cancellationToken);

    internal static async Task<long> Count(string database, string query, CancellationToken cancellationToken) => (long)(await Scalar(database, query, cancellationToken))!;

    internal static async Task<string?> Text(string database, string query, CancellationToken cancellationToken) => (await Scalar(database, query, cancellationToken)) as string;

    private static async Task<object?> Scalar(string database, string query, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(query, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
