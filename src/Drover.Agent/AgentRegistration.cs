using Drover.Agent.Checks;
using Drover.Agent.Presence;
using Drover.Agent.Reports;
using Drover.Agent.Transfers;
using Drover.Agent.Watch;
using Drover.Bus;
using Drover.Hypervisors;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Agent;

/// <summary>Puts the agent's role into a host. One agent per service provider: several hosts in one process are several providers.</summary>
public static class AgentRegistration
{
    /// <summary>The agent as a program of its own: the role and its bus.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Where the section "Agent" is.</param>
    /// <param name="bus">How to reach the others.</param>
    /// <param name="hypervisor">Makes this host's hypervisor; the provider disposes of it.</param>
    public static IServiceCollection AddDroverAgent(
        this IServiceCollection services, IConfiguration configuration, BusOptions bus, Func<IServiceProvider, IHypervisor> hypervisor)
    {
        services.AddAgentRole(configuration, hypervisor);
        return services.AddMassTransit(registration =>
        {
            registration.AddAgentConsumers();
            registration.UsingDrover(bus, (context, endpoints) => endpoints.Agent(context));
        });
    }

    /// <summary>
    /// The role without a bus, for a process that shares one among roles. Call it before <c>AddMassTransit</c>: it then stops after the bus, so that no order
    /// arrives for an agent that has stopped. It only stops watching; the migrations go on.
    /// </summary>
    public static IServiceCollection AddAgentRole(this IServiceCollection services, IConfiguration configuration, Func<IServiceProvider, IHypervisor> hypervisor)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<AgentOptions>().Bind(configuration.GetSection(AgentOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AgentOptions>, AgentOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IHypervisor>(provider => new OwnHostOnly(
            hypervisor(provider), provider.GetRequiredService<IOptions<AgentOptions>>(), provider.GetRequiredService<ILogger<OwnHostOnly>>()));

        services.AddSingleton<Courier>();
        services.AddSingleton<Patience>();
        services.AddSingleton<GuestGates>();
        services.AddSingleton<Epochs>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<TransferWatch>();
        services.AddSingleton<RunningTransfers>();
        services.AddSingleton<UnfinishedBusiness>();
        services.AddSingleton<HostReporter>();
        services.AddHostedService(provider => provider.GetRequiredService<RunningTransfers>());
        services.AddHostedService(provider => provider.GetRequiredService<UnfinishedBusiness>());
        services.AddHostedService(provider => provider.GetRequiredService<HostReporter>());
        services.AddHostedService<HypervisorEvents>();
        return services;
    }

    /// <summary>The consumers of a host's orders.</summary>
    public static void AddAgentConsumers(this IBusRegistrationConfigurator registration)
    {
        registration.AddConsumer<CheckSourceConsumer>();
        registration.AddConsumer<CheckDestinationConsumer>();
        registration.AddConsumer<BeginTransferConsumer>();
        registration.AddConsumer<AbortTransferConsumer>();
        registration.AddConsumer<ReportGuestConsumer>();
    }

    /// <summary>The host's queue, with those consumers on it.</summary>
    public static void Agent(this DroverEndpoints endpoints, IBusRegistrationContext context)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Host(context.GetRequiredService<IOptions<AgentOptions>>().Value.Host, queue =>
        {
            queue.ConfigureConsumer<CheckSourceConsumer>(context);
            queue.ConfigureConsumer<CheckDestinationConsumer>(context);
            queue.ConfigureConsumer<BeginTransferConsumer>(context);
            queue.ConfigureConsumer<AbortTransferConsumer>(context);
            queue.ConfigureConsumer<ReportGuestConsumer>(context);
        });
    }
}
