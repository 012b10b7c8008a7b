using Drover.Hypervisors.Simulated.Physics;
using Drover.Hypervisors.Simulated.State;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Simulated.Transitions;

/// <summary>Post-copy: the guest goes first and its memory follows. There is no way back; it can only break, and be resumed.</summary>
internal static class PostCopies
{
    /// <summary>Stops the guest, to run on at its destination. False when it is not in pre-copy.</summary>
    internal static bool Start(Change change, Guid guest)
    {
        if (change.State.Transfers.Find(transfer => transfer.Guest == guest && transfer is { Stage: TransferStage.PreCopy, SilentSince: null }) is not { } found)
            return false;
        var transfer = Motion.Settle(change, found);
        var buffered = Motion.Buffered(change.Map, transfer);
        var memory = PreCopy.EndPass(
            transfer.Memory, Motion.LoadOf(change.Map, change.State, transfer), change.Map.Traits, transfer.Rate, buffered, autoConverge: false);
        // The word to go on follows what QEMU has written before; the link carries it while the dirty pages are collected.
        var carried = transfer.Rate > 0 ? buffered / transfer.Rate : 0;
        var collected = PreCopy.Collecting(transfer.Memory, change.Map.Traits, memory.Left - transfer.Memory.Left);
        change.Set(transfer with
        {
            Stage = TransferStage.PostCopyBegins,
            Until = change.Now + TimeSpan.FromSeconds(Math.Max(carried, collected)) + change.Map.Traits.PostCopyPause,
            PausedAt = change.Now,
            Memory = memory with { Left = memory.Left - buffered, Sent = memory.Sent + buffered, Idle = 0 },
        });
        if (change.Active(transfer.Source, guest) is { } source)
        {
            change.Set(transfer.Source, guest, source with { Power = GuestPower.Paused, Reason = PowerReason.PostCopy });
            change.Say(transfer.Source, guest, "suspended: post-copy");
        }
        Motion.ShareLinks(change);
        return true;
    }

    internal static void RunAtDestination(Change change, TransferState transfer)
    {
        SetDestination(change, transfer, PowerReason.PostCopy, "resumed: post-copy");
        change.Set(transfer with { Stage = TransferStage.PostCopy, Until = null, Downtime = change.Now - transfer.PausedAt });
    }

    /// <summary>The network or one side is gone: the memory stays split. The call returns; the job stays.</summary>
    internal static void Break(Change change, TransferState transfer)
    {
        change.Set(transfer with { Stage = TransferStage.PostCopyFailed, Until = null });
        var source = SetSource(change, transfer, PowerReason.PostCopyFailed, "suspended: post-copy failed");
        var destination = SetDestination(change, transfer, PowerReason.PostCopyFailed, "resumed: post-copy failed");
        if (!source && !destination)
            change.Remove(transfer);
        change.Return(transfer, new TransferEnd(false, "operation failed: migration out job: post-copy failed", null));
    }

    /// <summary>Goes on with one that broke. False when there is none, or its hosts cannot reach each other.</summary>
    internal static bool Resume(Change change, Guid guest)
    {
        if (change.State.Transfers.Find(transfer => transfer.Guest == guest && transfer.Stage == TransferStage.PostCopyFailed) is not { } transfer
            || change.Active(transfer.Source, guest) is null || change.Active(transfer.Destination, guest) is null
            || !change.Host(transfer.Source).DaemonRuns || !change.Host(transfer.Destination).DaemonRuns || Deaths.IsCut(change, transfer))
        {
            return false;
        }
        change.Set(transfer with { Stage = TransferStage.PostCopy });
        SetSource(change, transfer, PowerReason.PostCopy, "suspended: post-copy");
        SetDestination(change, transfer, PowerReason.PostCopy, "resumed: post-copy");
        Motion.ShareLinks(change);
        return true;
    }

    private static bool SetSource(Change change, TransferState transfer, PowerReason reason, string words)
        => Set(change, transfer.Source, transfer.Guest, GuestPower.Paused, reason, words);

    private static bool SetDestination(Change change, TransferState transfer, PowerReason reason, string words)
        => Set(change, transfer.Destination, transfer.Guest, GuestPower.Running, reason, words);

    private static bool Set(Change change, string host, Guid guest, GuestPower power, PowerReason reason, string words)
    {
        if (change.Active(host, guest) is not { } copy)
            return false;
        change.Set(host, guest, copy with { Power = power, Reason = reason });
        change.Say(host, guest, words);
        return true;
    }
}
