using Drover.Agent.Checks;
using Drover.Agent.Presence;
using Drover.Agent.Reports;
using Drover.Agent.Transfers;
using Drover.Agent.Watch;
using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Hypervisors;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Agent;

/// <summary>
/// One host's agent: an object graph of its own, so that one process can hold the agents of several hosts. It owns its hypervisor. Stopping it stops the
/// watching only; the migrations go on.
/// </summary>
public sealed class HostAgent : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private HostAgent(string host, ServiceProvider services) => (Host, _services) = (host, services);

    /// <summary>The host's name.</summary>
    public string Host { get; }

    /// <summary>Why the host's hypervisor could not be asked when it last was; null when it answered.</summary>
    public string? HypervisorAway => _services.GetRequiredService<HostReporter>().Away;

    /// <summary>The time since it last began to report its presence: an agent whose loops turn reports every few seconds, heard or not.</summary>
    public TimeSpan SinceTurn => _services.GetRequiredService<HostReporter>().SinceTurn;

    /// <summary>Makes an agent; nothing happens before <see cref="Run"/> or the first order.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="hypervisor">Its host's hypervisor; disposed of with the agent.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">Where it logs.</param>
    /// <param name="send">Where what it says to the coordinator goes: in a program the bus.</param>
    /// <param name="publish">Where progress goes: in a program the bus.</param>
    /// <param name="ids">Where ids come from; null for ids that nobody else has.</param>
    /// <exception cref="OptionsValidationException">The settings cannot be right.</exception>
    public static HostAgent Create(
        AgentOptions options, IHypervisor hypervisor, TimeProvider time, ILoggerFactory logs, ISendEndpointProvider send, IPublishEndpoint publish, IdSource? ids = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (new AgentOptionsValidator().Validate(null, options) is { Failed: true } wrong)
            throw new OptionsValidationException(AgentOptions.Section, typeof(AgentOptions), wrong.Failures);

        var services = new ServiceCollection();
        services.AddSingleton(Options.Create(options));
        services.AddSingleton(time);
        services.AddSingleton(logs);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton(send);
        services.AddSingleton(publish);
        services.AddSingleton(ids ?? new IdSource());
        services.AddSingleton<IHypervisor>(provider =>
            new OwnHostOnly(hypervisor, provider.GetRequiredService<IOptions<AgentOptions>>(), provider.GetRequiredService<ILogger<OwnHostOnly>>()));

        services.AddSingleton<Courier>();
        services.AddSingleton<Patience>();
        services.AddSingleton<GuestGates>();
        services.AddSingleton<Epochs>();
        services.AddSingleton<Settlement>();
        services.AddSingleton<Bars>();
        services.AddSingleton<TransferWatch>();
        services.AddSingleton<RunningTransfers>();
        services.AddSingleton<UnfinishedBusiness>();
        services.AddSingleton<Floor>();
        services.AddSingleton<HostReporter>();
        services.AddSingleton<IAgentLoop>(provider => provider.GetRequiredService<UnfinishedBusiness>());
        services.AddSingleton<IAgentLoop>(provider => provider.GetRequiredService<HostReporter>());
        services.AddSingleton<IAgentLoop, HypervisorEvents>();

        services.AddTransient<IConsumer<CheckSource>, CheckSourceConsumer>();
        services.AddTransient<IConsumer<CheckDestination>, CheckDestinationConsumer>();
        services.AddTransient<IConsumer<BeginTransfer>, BeginTransferConsumer>();
        services.AddTransient<IConsumer<AbortTransfer>, AbortTransferConsumer>();
        services.AddTransient<IConsumer<ForceTransfer>, ForceTransferConsumer>();
        services.AddTransient<IConsumer<ForgetGuest>, ForgetGuestConsumer>();
        services.AddTransient<IConsumer<ReportGuest>, ReportGuestConsumer>();
        services.AddTransient<IConsumer<HostFloor>, HostFloorConsumer>();
        return new HostAgent(options.Host, services.BuildServiceProvider());
    }

    /// <summary>What takes the host's orders of one type: <see cref="CheckSource"/>, <see cref="CheckDestination"/>, <see cref="BeginTransfer"/>, <see cref="AbortTransfer"/>, <see cref="ForceTransfer"/>, <see cref="ForgetGuest"/>, <see cref="ReportGuest"/>, <see cref="HostFloor"/>.</summary>
    public IConsumer<TOrder> Consumer<TOrder>() where TOrder : class => _services.GetRequiredService<IConsumer<TOrder>>();

    /// <summary>Reports, finds and watches what runs, until stopped. It begins on the caller's thread and keeps to the caller's synchronization context.</summary>
    public async Task Run(CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            await Task.WhenAll(_services.GetServices<IAgentLoop>().Select(loop => UntilOver(loop, over)));
        }
        finally
        {
            await _services.GetRequiredService<RunningTransfers>().Stop();
        }
    }

    /// <summary>Stops nothing that the hypervisor does.</summary>
    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>A loop ends when it is stopped, and that is no fault; one that falls ends the others, so that a process with half an agent does not look healthy.</summary>
    private static async Task UntilOver(IAgentLoop loop, CancellationTokenSource over)
    {
        try
        {
            await loop.Run(over.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
        }
        catch
        {
            over.Cancel();
            throw;
        }
    }
}
