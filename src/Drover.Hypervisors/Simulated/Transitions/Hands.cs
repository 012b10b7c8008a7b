using Drover.Hypervisors.Simulated.Reading;
using Drover.Hypervisors.Simulated.State;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Simulated.Transitions;

/// <summary>What a user, or the guest itself, does to a guest, also while it moves.</summary>
internal static class Hands
{
    /// <summary>The host where the guest's vCPUs are: the named one, or where it runs, or where it is paused and not just arriving.</summary>
    internal static string Where(Change change, Guid guest, string? host)
    {
        var name = change.Map.Guest(guest).Name;
        if (host is not null)
            return change.Active(change.Map.Host(host).Name, guest) is null ? throw new InvalidOperationException($"guest \"{name}\" is not active on {host}") : host;
        var active = change.State.Hosts.Keys.Where(key => change.Active(key, guest) is not null).ToList();
        return active.Find(key => change.Active(key, guest)!.Power == GuestPower.Running)
            ?? active.Find(key => Facts.JobOf(change.State, key, guest) != GuestJob.MigrationIn)
            ?? throw new InvalidOperationException($"guest \"{name}\" is active on no host");
    }

    internal static void Pause(Change change, Guid guest, string? host)
    {
        var at = Where(change, guest, host);
        var copy = change.Active(at, guest)!;
        var job = Facts.JobOf(change.State, at, guest);
        if (copy.Power == GuestPower.Paused)
            return;
        if (job == GuestJob.MigrationIn)
            throw new InvalidOperationException($"guest \"{change.Map.Guest(guest).Name}\" has a job on {at} that lets nobody pause it");
        SettleAll(change, guest);
        change.Set(at, guest, copy with { Power = GuestPower.Paused, Reason = job == GuestJob.MigrationOut ? PowerReason.Migration : PowerReason.User });
        change.Say(at, guest, job == GuestJob.MigrationOut ? "suspended: migrated" : "suspended: paused");
    }

    internal static void Resume(Change change, Guid guest, string? host)
    {
        var at = Where(change, guest, host);
        var copy = change.Active(at, guest)!;
        if (copy.Power == GuestPower.Running)
            return;
        var held = change.State.Transfers.Exists(transfer => transfer.Guest == guest
            && (transfer.Destination == at || transfer.Stage is not (TransferStage.Setup or TransferStage.PreCopy)));
        if (held || copy.Reason is PowerReason.PostCopy or PowerReason.PostCopyFailed)
            throw new InvalidOperationException($"guest \"{change.Map.Guest(guest).Name}\" is paused on {at} by its migration, which nobody can resume");
        SettleAll(change, guest);
        change.Set(at, guest, copy with { Power = GuestPower.Running, Reason = PowerReason.Other });
        change.Say(at, guest, "resumed: unpaused");
    }

    /// <summary>The guest ends on a host: shut down, destroyed or crashed. A migration of it ends with it.</summary>
    internal static void End(Change change, Guid guest, string? host, PowerReason reason)
    {
        var at = Where(change, guest, host);
        SettleAll(change, guest);
        TurnOff(change, at, guest, change.Active(at, guest)!, reason);
        change.Say(at, guest, reason switch { PowerReason.Shutdown => "stopped: shut down", PowerReason.Crashed => "stopped: crashed", _ => "stopped: destroyed" });
        foreach (var transfer in change.State.Transfers.Where(transfer => transfer.Guest == guest && (transfer.Source == at || transfer.Destination == at)))
        {
            switch (transfer.Stage)
            {
                case TransferStage.LettingGo:
                    break;
                case TransferStage.ToBePutBack or TransferStage.Orphaned:
                    change.Remove(transfer);
                    break;
                case TransferStage.PostCopyBegins or TransferStage.PostCopy or TransferStage.PostCopyFailed:
                    PostCopies.Break(change, transfer);
                    break;
                default:
                    Endings.Fail(change, transfer, "operation failed: domain is not running");
                    break;
            }
        }
        Motion.ShareLinks(change);
    }

    /// <summary>A definition that is off starts on its host.</summary>
    internal static void Start(Change change, Guid guest, string host)
    {
        var plan = change.Map.Guest(guest);
        if (change.Copy(change.Map.Host(host).Name, guest) is not { } copy || copy.IsActive() || !change.Host(host).DaemonRuns)
            throw new InvalidOperationException($"guest \"{plan.Name}\" is no definition on {host} that could be started now");
        if (Facts.FreeMemory(change.Map, change.State, host) < plan.MemoryBytes)
            throw new InvalidOperationException($"{host} has no memory for guest \"{plan.Name}\"");
        change.Set(host, guest, copy with { Power = GuestPower.Running, Reason = PowerReason.Other, DowntimeLimit = CopyState.DefaultDowntimeLimit });
        change.Say(host, guest, "started: booted");
    }

    internal static void SetLoad(Change change, Guid guest, long hotSetBytes, long dirtyBytesPerSecond)
    {
        var plan = change.Map.Guest(guest);
        ArgumentOutOfRangeException.ThrowIfNegative(hotSetBytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hotSetBytes, plan.NonZeroBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(dirtyBytesPerSecond);
        SettleAll(change, guest);
        change.Set(guest, change.State.Loads[guest] with { HotSetBytes = hotSetBytes, DirtyBytesPerSecond = dirtyBytesPerSecond });
    }

    internal static void TurnOff(Change change, string host, Guid guest, CopyState copy, PowerReason reason)
    {
        if (copy.Persistent)
            change.Set(host, guest, copy with { Power = GuestPower.ShutOff, Reason = reason });
        else
            change.Remove(host, guest);
    }

    private static void SettleAll(Change change, Guid guest)
    {
        foreach (var transfer in change.State.Transfers.Where(transfer => transfer.Guest == guest))
            Motion.Settle(change, transfer);
    }
}
