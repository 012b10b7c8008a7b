using Drover.Hypervisors.Simulated.Reading;
using Drover.Hypervisors.Simulated.State;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Simulated.Transitions;

/// <summary>A migrate call: refused in libvirt's words, or begun.</summary>
internal static class Beginning
{
    private const long MiB = 1024 * 1024;

    /// <summary>libvirt's ports for incoming streams, 49152 to 49215.</summary>
    private const int MostIncoming = 64;

    /// <summary>The transfer; or why there is none.</summary>
    internal static (TransferState? Begun, string? Refusal) Begin(Change change, string source, TransferPlan plan)
    {
        var copy = change.Copy(source, plan.Guest) ?? throw Failures.Gone(plan.Guest);
        var name = change.Map.Guest(plan.Guest).Name;
        if (!copy.IsActive())
            return (null, "Requested operation is not valid: domain is not running");
        if (Facts.JobOf(change.State, source, plan.Guest) != GuestJob.None)
            return (null, $"Requested operation is not valid: another migration job is already running for domain '{name}'");
        if (copy.Reason is PowerReason.PostCopyFailed or PowerReason.PostCopy)
            return (null, "Requested operation is not valid: domain is in a failed post-copy");
        if (change.Map.HostAt(plan.PeerUri) is not { } destination)
            return (null, $"unable to connect to server at '{plan.PeerUri}': Name or service not known");
        if (Refusal(change, source, destination, plan.Guest, name) is { } refusal)
            return (null, refusal);

        change.Set(destination, plan.Guest, new CopyState
        {
            Power = GuestPower.Paused,
            Reason = PowerReason.Migration,
            Persistent = change.Copy(destination, plan.Guest)?.Persistent ?? false,
            Mark = copy.Mark,
            DowntimeLimit = CopyState.DefaultDowntimeLimit,
        });
        change.Say(destination, plan.Guest, "started: migrated");
        var transfer = new TransferState
        {
            Number = change.State.LastTransfer + 1,
            Guest = plan.Guest,
            Source = source,
            Destination = destination,
            Stage = TransferStage.Setup,
            Began = change.Now,
            Until = change.Now + change.Map.Traits.Setup,
            At = change.Now,
            Cap = plan.BandwidthBytesPerSecond is { } bytes ? Math.Max(1, bytes / MiB) * MiB : null,
            Persistent = plan.Persistent,
            Ran = copy.Power == GuestPower.Running,
            AutoConverge = change.State.Loads[plan.Guest].AutoConverge,
        };
        change.Add(transfer);
        return (transfer, null);
    }

    private static string? Refusal(Change change, string source, string destination, Guid guest, string name)
    {
        if (destination == source)
            return $"internal error: Attempt to migrate guest to the same host {change.Map.Host(source).Uuid}";
        var peer = change.Host(destination);
        if (!peer.On || change.State.CutLinks.Contains(change.Map.Host(source).Link) || change.State.CutLinks.Contains(change.Map.Host(destination).Link))
            return $"unable to connect to server at '{destination}:16509': No route to host";
        if (!peer.DaemonRuns)
            return $"unable to connect to server at '{destination}:16509': Connection refused";
        if (change.Active(destination, guest) is not null)
            return $"Requested operation is not valid: domain is already active as '{name}'";
        var free = Facts.FreeMemory(change.Map, change.State, destination);
        if (free < change.Map.Guest(guest).MemoryBytes)
            return $"internal error: process exited while connecting to monitor: cannot set up guest memory 'pc.ram': Cannot allocate memory ({free} bytes are free)";
        return change.State.Transfers.Count(transfer => transfer.Destination == destination) >= MostIncoming
            ? "internal error: Unable to find an unused port in range 'migration' (49152-49215)"
            : null;
    }
}
