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
    /// <summary>The agent with its bus. Stops before the bus does: it only stops watching, the migrations go on.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">Where the section "Agent" is.</param>
    /// <param name="bus">How to reach the others.</param>
    /// <param name="hypervisor">Makes this host's hypervisor; the provider disposes of it.</param>
    public static IServiceCollection AddDroverAgent(
        this IServiceCollection services, IConfiguration configuration, BusOptions bus, Func<IServiceProvider, IHypervisor> hypervisor)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<AgentOptions>().Bind(configuration.GetSection(AgentOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AgentOptions>, AgentOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IHypervisor>(provider => new OwnHostOnly(
            hypervisor(provider), provider.GetRequiredService<IOptions<AgentOptions>>(), provider.GetRequiredService<ILogger<OwnHostOnly>>()));

        services.AddMassTransit(registration =>
        {
            registration.AddConsumer<CheckSourceConsumer>();
            registration.AddConsumer<CheckDestinationConsumer>();
            registration.AddConsumer<BeginTransferConsumer>();
            registration.AddConsumer<AbortTransferConsumer>();
            registration.AddConsumer<ReportGuestConsumer>();
            registration.UsingDrover(bus, (context, endpoints) =>
                endpoints.Host(context.GetRequiredService<IOptions<AgentOptions>>().Value.Host, queue => queue.ConfigureConsumers(context)));
        });

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
}
