using Drover.Agent;
using Drover.Bus;
using Drover.Contracts.Migrations;
using Drover.Hypervisors.Simulated;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drover.Upgrade.Tests;

/// <summary>Simulated hosts with today's agents on a real broker, and guests that move within a second.</summary>
internal sealed class Site : IAsyncDisposable
{
    private static readonly string[] _hosts = ["host-a", "host-b", "host-c"];
    private readonly IHost _program;
    private readonly SimulatedWorld _world;
    private readonly Dictionary<string, HostAgent> _agents;
    private readonly CancellationTokenSource _over = new();
    private readonly List<Task> _running;

    private Site(IHost program, SimulatedWorld world)
    {
        (_program, _world) = (program, world);
        var bus = program.Services.GetRequiredService<IBus>();
        _agents = _hosts.ToDictionary(host => host, host => HostAgent.Create(
            new AgentOptions { Host = host, PeerUri = SimulatedWorld.PeerUri(host), SampleEvery = TimeSpan.FromMilliseconds(250) },
            world.Hypervisor(host), TimeProvider.System, program.Services.GetRequiredService<ILoggerFactory>(), bus, bus));
        _running = [];
    }

    /// <summary>The guests, all on host-a.</summary>
    public static IReadOnlyList<string> Guests { get; } = [.. Enumerable.Range(1, 12).Select(n => $"guest-{n}")];

    public static async Task<Site> Start(Uri broker)
    {
        const long MiB = 1 << 20;
        var world = SimulatedWorld.Open(
            new WorldPlan
            {
                Hosts = [.. _hosts.Select(host => new HostPlan { Name = host, Uuid = Guid.NewGuid(), MemoryBytes = 16384 * MiB, Processors = 8, Link = "lan" })],
                Links = [new LinkPlan("lan", 500 * MiB)],
                Guests = [.. Guests.Select(guest => new GuestPlan
                {
                    Name = guest, Uuid = Guid.NewGuid(), Host = "host-a", MemoryBytes = 512 * MiB, NonZeroBytes = 200 * MiB, HotSetBytes = 0, DirtyBytesPerSecond = 0, Vcpus = 1,
                })],
            },
            null, TimeProvider.System);
        LogContext.Current = null!;
        Site? site = null;
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddMassTransit(bus => bus.UsingDrover(new BusOptions { Url = broker }, (_, endpoints) =>
        {
            foreach (var host in _hosts)
                endpoints.Agent(host, () => site!._agents[host]);
        }));
        site = new Site(builder.Build(), world);
        await site._program.StartAsync(TestContext.Current.CancellationToken);
        site._running.AddRange(site._agents.Values.Select(agent => agent.Run(site._over.Token)));
        return site;
    }

    public Task Move(Guid id, string guest, string to) =>
        _program.Services.GetRequiredService<IBus>().Publish(Wire.Command(new MigrateGuest { MigrationId = id, Guest = guest, Destination = to }), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_running);
        await _program.StopAsync();
        foreach (var agent in _agents.Values)
            await agent.DisposeAsync();
        await _world.DisposeAsync();
        _program.Dispose();
        _over.Dispose();
    }
}
