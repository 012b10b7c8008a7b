using Drover.Hypervisors.Simulated.Physics;
using Drover.Hypervisors.Simulated.State;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Simulated.Transitions;

/// <summary>What happens by itself as time goes by, each thing at its own instant and in order.</summary>
internal static class Progress
{
    /// <summary>Everything that happens up to an instant.</summary>
    internal static void CatchUp(Change change, DateTimeOffset to)
    {
        while (Next(change.Map, change.State) is { } next && next.At <= to)
        {
            change.Now = next.At;
            Happen(change, Motion.Settle(change, next.Transfer));
        }
        change.Now = to;
    }

    /// <summary>What happens next; of two things at one instant, that of the transfer that began first. Null when nothing will.</summary>
    internal static (DateTimeOffset At, TransferState Transfer)? Next(SiteMap map, SiteState state)
    {
        (DateTimeOffset At, TransferState Transfer)? first = null;
        foreach (var transfer in state.Transfers)
        {
            if (Motion.NextOf(map, state, transfer) is { } at && (first is null || at < first.Value.At))
                first = (at, transfer);
        }
        // What somebody's hand has just made possible happens now, not in the past.
        return first is { } found && found.At < state.At ? (state.At, found.Transfer) : first;
    }

    private static void Happen(Change change, TransferState transfer)
    {
        if (transfer.Stage == TransferStage.PreCopy && transfer.SilentSince is null)
        {
            EndPass(change, transfer);
            return;
        }

        switch (transfer)
        {
            case { Stage: TransferStage.Orphaned }:
                Endings.DropIncoming(change, transfer);
                change.Remove(transfer);
                break;
            case { SilentSince: not null }:
                Endings.Fail(change, transfer, "operation failed: Lost connection to destination host");
                break;
            case { Stage: TransferStage.Setup }:
                change.Set(transfer with { Stage = TransferStage.PreCopy, Until = null, Memory = PreCopy.Begin(Motion.LoadOf(change.Map, change.State, transfer)) });
                SayPass(change, transfer, 1);
                break;
            case { Stage: TransferStage.SwitchOver }:
                change.Set(transfer with { Stage = TransferStage.Finishing, Until = change.Now + change.Map.Traits.DevicePause });
                break;
            case { Stage: TransferStage.Finishing }:
                Endings.Arrive(change, transfer);
                break;
            case { Stage: TransferStage.LettingGo }:
                Endings.LetGo(change, transfer);
                break;
            case { Stage: TransferStage.Cancelling }:
                Endings.Fail(change, transfer, transfer.Error!);
                break;
            case { Stage: TransferStage.PostCopyBegins }:
                PostCopies.RunAtDestination(change, transfer);
                break;
            case { Stage: TransferStage.PostCopy }:
                Endings.Arrive(change, transfer);
                break;
        }
        Motion.ShareLinks(change);
    }

    /// <summary>A pass ends: what is left fits the pause, and the guest is stopped; or the next pass begins.</summary>
    private static void EndPass(Change change, TransferState transfer)
    {
        var fits = Motion.Fits(change.Map, change.State, transfer);
        var buffered = Motion.Buffered(change.Map, transfer);
        var memory = PreCopy.EndPass(
            transfer.Memory, Motion.LoadOf(change.Map, change.State, transfer), change.Map.Traits, transfer.Rate, buffered, transfer.AutoConverge);
        if (memory.Left > fits)
        {
            change.Set(transfer with { Memory = memory });
            SayPass(change, transfer, memory.Iteration);
            return;
        }

        SayPass(change, transfer, memory.Iteration);
        // QEMU collects once more when the guest stands still: there is nothing new, but it counts.
        memory = PreCopy.Carried(transfer.Memory, memory, change.Map.Traits, transfer.Rate, buffered) with { Iteration = memory.Iteration + 1, Idle = 0 };
        change.Set(transfer with { Stage = TransferStage.SwitchOver, Memory = memory, PausedAt = change.Now });
        if (change.Active(transfer.Source, transfer.Guest) is { Power: GuestPower.Running } source)
        {
            change.Set(transfer.Source, transfer.Guest, source with { Power = GuestPower.Paused, Reason = PowerReason.Migration });
            change.Say(transfer.Source, transfer.Guest, "suspended: migrated");
        }
        SayPass(change, transfer, memory.Iteration);
        Motion.ShareLinks(change);
    }

    private static void SayPass(Change change, TransferState transfer, long iteration)
        => change.Say(transfer.Source, new HypervisorEvent.PassBegan(transfer.Guest, (int)iteration));
}
