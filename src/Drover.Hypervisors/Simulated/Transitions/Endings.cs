using Drover.Hypervisors.Simulated.State;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Simulated.Transitions;

/// <summary>How a transfer ends: the guest arrives and its source lets go of it, or it stays.</summary>
internal static class Endings
{
    /// <summary>The destination resumes the guest and answers. From here on the guest is there, whatever happens to its source.</summary>
    internal static void Arrive(Change change, TransferState transfer)
    {
        if (change.Active(transfer.Destination, transfer.Guest) is not { } copy)
            throw new InvalidOperationException($"transfer {transfer.Number} arrives where there is no copy: this is a bug in the model");
        var resumed = transfer.Ran || transfer.Stage == TransferStage.PostCopy;
        change.Set(transfer.Destination, transfer.Guest, copy with
        {
            Power = resumed ? GuestPower.Running : GuestPower.Paused,
            Reason = resumed ? PowerReason.Migrated : PowerReason.User,
            Persistent = copy.Persistent || transfer.Persistent,
        });
        change.Say(transfer.Destination, transfer.Guest, resumed ? "resumed: migrated" : "suspended: paused");
        if (transfer.Persistent)
            change.Say(transfer.Destination, transfer.Guest, "defined: added");

        if (transfer.Stage != TransferStage.PostCopy && change.Host(transfer.Destination).DiesBeforeAnswering)
        {
            Deaths.DieBeforeAnswering(change, transfer);
            return;
        }
        change.Set(transfer with
        {
            Stage = TransferStage.LettingGo,
            Until = change.Now + change.Map.Traits.LetGo,
            Took = change.Now - transfer.Began,
            Downtime = transfer.Downtime ?? (change.Now - transfer.PausedAt),
        });
    }

    /// <summary>The source's QEMU goes; the call returns.</summary>
    internal static void LetGo(Change change, TransferState transfer)
    {
        Forget(change, transfer);
        var totals = new TransferTotals
        {
            Elapsed = transfer.Took ?? (change.Now - transfer.Began),
            Downtime = transfer.Downtime,
            TransferredBytes = (long)transfer.Memory.Sent,
            Passes = transfer.Memory.Iteration,
        };
        change.Say(transfer.Source, new HypervisorEvent.JobCompleted(transfer.Guest, totals));
        change.Remove(transfer);
        change.Return(transfer, new TransferEnd(true, null, totals));
    }

    /// <summary>The source's copy after the guest has moved: its definition goes with it, or stays.</summary>
    internal static void Forget(Change change, TransferState transfer)
    {
        if (change.Active(transfer.Source, transfer.Guest) is not { } copy)
            return;
        if (copy.Persistent && !transfer.Persistent)
            change.Set(transfer.Source, transfer.Guest, copy with { Power = GuestPower.ShutOff, Reason = PowerReason.Migrated });
        else
            change.Remove(transfer.Source, transfer.Guest);
        change.Say(transfer.Source, transfer.Guest, "stopped: migrated");
        if (copy.Persistent && transfer.Persistent)
            change.Say(transfer.Source, transfer.Guest, "undefined: removed");
    }

    /// <summary>The guest stays: nothing is left of it on the destination, and the source runs it as before. No event says that a job ended.</summary>
    internal static void Fail(Change change, TransferState transfer, string error)
    {
        DropIncoming(change, transfer);
        PutBack(change, transfer);
        change.Remove(transfer);
        change.Return(transfer, new TransferEnd(false, error, null));
    }

    /// <summary>The destination's unfinished copy goes; a definition that was there before stays.</summary>
    internal static void DropIncoming(Change change, TransferState transfer)
    {
        if (change.Active(transfer.Destination, transfer.Guest) is not { } copy)
            return;
        if (copy.Persistent)
            change.Set(transfer.Destination, transfer.Guest, copy with { Power = GuestPower.ShutOff, Reason = PowerReason.Failed });
        else
            change.Remove(transfer.Destination, transfer.Guest);
        change.Say(transfer.Destination, transfer.Guest, "stopped: failed");
    }

    /// <summary>libvirt restores the state from before the job: a guest that ran runs, also when a user paused it meanwhile.</summary>
    internal static void PutBack(Change change, TransferState transfer)
    {
        if (transfer.Ran && change.Active(transfer.Source, transfer.Guest) is { Power: GuestPower.Paused } copy)
        {
            change.Set(transfer.Source, transfer.Guest, copy with { Power = GuestPower.Running, Reason = PowerReason.MigrationCancelled });
            change.Say(transfer.Source, transfer.Guest, "resumed: migrated");
        }
    }
}
