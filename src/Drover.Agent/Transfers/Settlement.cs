using Drover.Hypervisors;
using Drover.Policy.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Agent.Transfers;

/// <summary>
/// Puts back what Drover set on a guest that stayed: the downtime limit, which lives in the guest's QEMU. Then says so in the mark (no limit to put back any
/// more), so that it is done once and a limit that an operator sets later is left alone; and leaves there the highest epoch seen.
/// </summary>
internal sealed class Settlement(IHypervisor hypervisor, Epochs epochs, Patience patience, IOptions<AgentOptions> options, ILogger<Settlement> logger)
{
    /// <summary>Whether a guest carries a mark of a transfer from this host that is running or was not settled.</summary>
    public bool Owes(GuestFacts guest) => guest.State.Mark is { DowntimeLimitBefore: not null } mark && mark.Source == options.Value.Host;

    /// <summary>Settles a guest if there is anything to settle. Call it inside the guest's gate. False when it could not be done now.</summary>
    public async Task<bool> Settle(Guid guest, CancellationToken cancellationToken)
    {
        try
        {
            var facts = await patience.Try(token => hypervisor.FindGuestAsync(guest, token), cancellationToken);
            if (facts is null || !Owes(facts) || facts.State is not { Power: GuestPower.Running or GuestPower.Paused, Reason: not PowerReason.PostCopy and not PowerReason.PostCopyFailed })
                return true;    // gone, off, or not ours: a new QEMU starts with its own limit
            if (facts.State.Job != GuestJob.None)
                return false;

            var before = facts.State.Mark!.DowntimeLimitBefore!.Value;
            if (await patience.Try(token => hypervisor.GetDowntimeLimitAsync(guest, token), cancellationToken) != before)
            {
                await patience.Try(token => hypervisor.SetDowntimeLimitAsync(guest, before, token), cancellationToken);
                logger.DowntimePutBack(guest, before.TotalMilliseconds);
            }
            var settled = facts.State.Mark with { DowntimeLimitBefore = null, Epoch = Math.Max(facts.State.Mark.Epoch, epochs.Highest(guest)) };
            await patience.Try(token => hypervisor.WriteMarkAsync(guest, settled, token), cancellationToken);
            return true;
        }
        catch (HypervisorException error)
        {
            logger.NotSettled(guest, error.Message);
            return error.Kind == HypervisorFailure.GuestGone;
        }
    }
}
