using Drover.Agent.Transfers;
using Drover.Contracts.Agents;
using Drover.Hypervisors;
using Drover.Policy.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Agent.Watch;

/// <summary>
/// Watches one transfer from its call, or from where it is found running, until the hypervisor has no job any more. The call's return alone ends nothing: a
/// lost connection returns it too, while the migration goes on.
/// </summary>
internal sealed class TransferWatch(IHypervisor hypervisor, Courier courier, TimeProvider time, IOptions<AgentOptions> options, ILogger<TransferWatch> logger)
{
    /// <summary>Time between looks while the job is not seen yet, or does not take an abort: a small guest moves in half a second, and a cancel should not wait.</summary>
    private static readonly TimeSpan ShortWait = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a call is made that is refused because the guest is busy: an aborted migration's job lingers for a moment. With the waits, 5 s.</summary>
    private const int BusyTries = 50;

    /// <summary>Returns the end to report; throws only when cancelled, and then nothing has ended.</summary>
    public async Task<TransferEnded> Run(RunningTransfer transfer, CancellationToken stopping)
    {
        var call = transfer.Plan is { } plan ? Call(transfer, plan, stopping) : null;
        var observation = new Observation(transfer, hypervisor, courier, options.Value.SampleEvery, time, logger);
        var began = Task.CompletedTask;
        while (true)
        {
            var returned = call?.IsCompleted ?? true;       // asked before the look: a job that begins between the two must not be taken for ended
            var (known, sample) = await Look(transfer, stopping);
            if (known && sample is null && returned)
                break;

            var wait = sample is null && known ? ShortWait : options.Value.SampleEvery;
            if (sample is { } reading)
            {
                if (!transfer.HasJob)
                {
                    transfer.HasJob = true;
                    began = courier.Tell(transfer.Began(), stopping);
                }
                if (transfer.AbortOrdered && !await Abort(transfer, reading, stopping))
                    wait = ShortWait;
                await observation.See(reading, stopping);
            }
            await transfer.Nudge.Wait(wait, stopping);
        }

        await began;
        return await End(transfer, call, stopping);
    }

    private async Task<TransferEnded> End(RunningTransfer transfer, Task<TransferEnd>? call, CancellationToken stopping)
    {
        if (call is not null)
        {
            var end = await call;
            if (end.Success && !transfer.HasJob)
                await courier.Tell(transfer.Began(), stopping);     // over before it was seen
            return transfer.Ended(end.Success ? null : end.Error ?? "the hypervisor gave no reason", end.Totals ?? transfer.Totals);
        }
        if (transfer.Totals is null)
            await transfer.Nudge.Wait(options.Value.SampleEvery, stopping);     // the completion event may be on its way
        return transfer.Ended(transfer.Totals is null ? "the job is gone, and its call belonged to an agent that is no more" : null, transfer.Totals);
    }

    private async Task<TransferEnd> Call(RunningTransfer transfer, TransferPlan plan, CancellationToken stopping)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await hypervisor.TransferAsync(plan, stopping);
            }
            catch (HypervisorException error) when (error.Kind == HypervisorFailure.Busy && !transfer.AbortOrdered && tries < BusyTries)
            {
                await Task.Delay(ShortWait, time, stopping);
            }
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                return new TransferEnd(false, error.Message, null);
            }
            finally
            {
                transfer.Nudge.Give();
            }
        }
    }

    /// <summary>The guest's job; not known while the hypervisor is away.</summary>
    private async Task<(bool Known, Sample? Sample)> Look(RunningTransfer transfer, CancellationToken stopping)
    {
        try
        {
            return (true, await hypervisor.SampleAsync(transfer.Guest, stopping));
        }
        catch (HypervisorException error) when (error.Kind == HypervisorFailure.GuestGone)
        {
            return (true, null);
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            logger.NoReading(transfer.Mark.MigrationId, error.Message);
            return (false, null);
        }
    }

    /// <summary>Tells the hypervisor to abort. False when it should be tried again at once.</summary>
    private async Task<bool> Abort(RunningTransfer transfer, Sample reading, CancellationToken stopping)
    {
        if (reading.Phase == TransferPhase.PostCopy)
        {
            logger.AbortRefused(transfer.Mark.MigrationId, transfer.Name);
            transfer.AbortDone();
            return true;
        }
        try
        {
            if (!await hypervisor.AbortAsync(transfer.Guest, stopping))
                return false;       // no job at that instant
            logger.Aborted(transfer.Mark.MigrationId, transfer.Name);
            transfer.AbortDone();
            return true;
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            logger.NotAborted(transfer.Mark.MigrationId, error.Message);
            var kind = (error as HypervisorException)?.Kind;
            if (kind is HypervisorFailure.NotSupported)
                transfer.AbortDone();
            return kind is not (HypervisorFailure.Busy or HypervisorFailure.Unavailable);      // others are tried again too, at the next regular look
        }
    }
}
