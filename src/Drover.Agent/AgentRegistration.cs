using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Hypervisors;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drover.Agent;

/// <summary>Puts an agent into a program.</summary>
public static class AgentRegistration
{
    /// <summary>
    /// The agent as a program of its own: the role and its bus. On RabbitMQ it works while it has its host's seat, and its queue is made by it; where the queues
    /// are in memory no other agent could share them, and there is no seat.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="options">The agent's settings.</param>
    /// <param name="bus">How to reach the others.</param>
    /// <param name="hypervisor">Makes this host's hypervisor, anew each time that the agent begins to work.</param>
    public static IServiceCollection AddDroverAgent(this IServiceCollection services, AgentOptions options, BusOptions bus, Func<IServiceProvider, IHypervisor> hypervisor)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(bus);
        services.TryAddSingleton(TimeProvider.System);
        if (bus.Transport == BusTransport.InMemory)
        {
            services.AddSingleton(Make);
            services.AddHostedService<AgentService>();
            return services.AddMassTransit(registration =>
                registration.UsingDrover(bus, (context, endpoints) => endpoints.Agent(options.Host, context.GetRequiredService<HostAgent>)));
        }

        services.AddMassTransit(registration => registration.UsingDrover(bus, (_, _) => { }));
        // A broker that is away is no reason not to start: the agent says so, and begins when it is there.
        services.PostConfigure<MassTransitHostOptions>(host => host.WaitUntilStarted = false);
        services.AddSingleton(provider => new Seat(bus, options.Host, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<Seat>>()));
        services.AddSingleton(provider => new SeatedAgent(options.Host, options.ReportEvery, () => Make(provider), provider.GetRequiredService<Seat>(), provider.GetRequiredService<IBus>(), bus,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SeatedAgent>>()));
        services.AddSingleton<IReadiness>(provider => provider.GetRequiredService<SeatedAgent>());
        // After the bus, so that it ends before it: no order arrives for an agent that has stopped.
        return services.AddHostedService(provider => provider.GetRequiredService<SeatedAgent>());

        HostAgent Make(IServiceProvider provider) => HostAgent.Create(
            options, hypervisor(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<IBus>(), provider.GetRequiredService<IBus>());
    }

    /// <summary>A host's queue, with its agent's consumers on it. The agent is asked for when an order comes: it needs the bus, which is being made.</summary>
    public static void Agent(this DroverEndpoints endpoints, string host, Func<HostAgent> agent)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Host(host, queue =>
        {
            queue.Take<CheckSource>(agent);
            queue.Take<CheckDestination>(agent);
            queue.Take<BeginTransfer>(agent);
            queue.Take<AbortTransfer>(agent);
            queue.Take<ForceTransfer>(agent);
            queue.Take<ForgetGuest>(agent);
            queue.Take<ReportGuest>(agent);
            queue.Take<HostFloor>(agent);
        });
    }

    private static void Take<TOrder>(this IReceiveEndpointConfigurator queue, Func<HostAgent> agent)
        where TOrder : class => queue.Handler<TOrder>(order => agent().Consumer<TOrder>().Consume(order));

    private sealed class AgentService(HostAgent agent) : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => agent.Run(stoppingToken);
    }
}
