using Drover.Agent;
using Drover.Hypervisors.Simulated;
using Drover.Sites;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog.Extensions.Logging;

namespace Drover.Standalone;

/// <summary>
/// The agents of a site's hosts, each with its hypervisor. They are made before the bus starts, for orders come with it; they speak once everything has started,
/// for what is said into a queue that is not there yet is lost; and they stop after the bus. The migrations go on.
/// </summary>
internal sealed class SiteAgents(Site site, DataFolder folder, TimeProvider time, IServiceProvider services, IHostApplicationLifetime lifetime, Serilog.ILogger log)
    : BackgroundService, IAsyncDisposable
{
    private readonly Dictionary<string, HostAgent> agents = [];
    private readonly List<SerilogLoggerFactory> logs = [];
    private SimulatedWorld? world;

    /// <summary>A host's agent.</summary>
    public HostAgent Of(string host) => agents[host];

    /// <summary>Opens the simulated hosts' world, where the site has any; call it before the start.</summary>
    /// <exception cref="WorldFileException">It cannot be used.</exception>
    public void OpenWorld()
    {
        if (SiteHosts.World(site) is { } plan)
            world = SimulatedWorld.Open(plan, folder.World, time);
    }

    /// <summary>Makes the agents.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        var bus = services.GetRequiredService<IBus>();
        foreach (var host in site.Hosts)
        {
            var hostLog = new SerilogLoggerFactory(log.ForContext("Host", host.Name));
            logs.Add(hostLog);
            agents[host.Name] = HostAgent.Create(SiteHosts.AgentOptions(host), SiteHosts.Hypervisor(host, world), time, hostLog, bus, bus);
        }
        return base.StartAsync(cancellationToken);
    }

    /// <summary>Ends the watching, and with it nothing that moves.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var agent in agents.Values)
            await agent.DisposeAsync();
        if (world is not null)
            await world.DisposeAsync();
        logs.ForEach(one => one.Dispose());
        Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var then = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        await started.Task.WaitAsync(stoppingToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var running = agents.Values.Select(agent => agent.Run(over.Token)).ToList();
        try
        {
            await await Task.WhenAny(running);      // one that falls ends the program: half of a site must not look like the whole
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(running);
        }
    }
}
