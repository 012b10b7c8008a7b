using Drover.Agent.Presence;
using Drover.Agent.Transfers;
using Drover.Hypervisors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Agent.Watch;

/// <summary>Turns what the hypervisor says unasked into looks: an event is a hint and may be lost, so nothing depends on it but promptness.</summary>
internal sealed class HypervisorEvents(IHypervisor hypervisor, RunningTransfers transfers, UnfinishedBusiness unfinished, HostReporter reporter,
    TimeProvider time, IOptions<AgentOptions> options, ILogger<HypervisorEvents> logger) : IAgentLoop
{
    public async Task Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await foreach (var evt in hypervisor.WatchAsync(stopping))
                    Take(evt);
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                logger.NoEvents(error.Message);
            }
            await Task.Delay(options.Value.ReportEvery, time, stopping);
        }
    }

    private void Take(HypervisorEvent evt)
    {
        switch (evt)
        {
            case HypervisorEvent.GuestChanged changed:
                logger.GuestChanged(changed.Guest, changed.What);
                transfers.Of(changed.Guest)?.Nudge.Give();
                reporter.Changed();
                break;
            case HypervisorEvent.PassBegan pass:
                transfers.Of(pass.Guest)?.Nudge.Give();
                break;
            case HypervisorEvent.JobCompleted completed:
                transfers.Of(completed.Guest)?.Completed(completed.Totals);
                break;
            case HypervisorEvent.ConnectionLost lost:
                logger.HypervisorLost(lost.Reason);
                reporter.Changed();
                break;
            case HypervisorEvent.Connected:
                logger.HypervisorConnected();
                unfinished.Look();
                reporter.Changed();
                break;
        }
    }
}
