using System.Runtime.InteropServices;
using Drover.Libvirt.Handles;
using Drover.Libvirt.Imports;

namespace Drover.Libvirt;

/// <summary>
/// A guest's move to another host, which there may or may not be. Lives as long as its <see cref="Guest"/>. Calls wait for libvirt and throw
/// <see cref="LibvirtException"/>.
/// </summary>
public sealed class MigrationJob
{
    private const uint Completed = 1; // VIR_DOMAIN_JOB_STATS_COMPLETED
    private const uint KeepCompleted = 2; // VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED

    private readonly DomainHandle _domain;

    internal MigrationJob(DomainHandle domain) => _domain = domain;

    /// <summary>
    /// Moves the guest and returns when libvirt does: minutes, or for ever. With <see cref="MigrateFlags.PeerToPeer"/> the move goes on without this call.
    /// </summary>
    /// <param name="peerUri">The destination's libvirt as the source's reaches it.</param>
    /// <param name="migrateUri">Where the memory goes; null lets the destination choose.</param>
    /// <param name="mebibytesPerSecond">Cap, whole MiB/s; null is none.</param>
    /// <param name="flags">How.</param>
    public void Run(string peerUri, string? migrateUri, ulong? mebibytesPerSecond, MigrateFlags flags)
    {
        using var parameters = new TypedParametersHandle().Add("migrate_uri", migrateUri).Add("bandwidth", mebibytesPerSecond);
        LibvirtException.Check(Native.virDomainMigrateToURI3(_domain, peerUri, parameters, (uint)parameters.Count, (uint)flags));
    }

    /// <summary>The job now; <see cref="JobType.None"/> when there is none. Not supported on a guest that is coming in, a wrong state on one that is off.</summary>
    public JobStats ReadStats() => Read(flags: 0);

    /// <summary>
    /// The last job that ended well, or <see cref="JobType.None"/>. It is kept for the next reader; libvirt forgets it at its restart, after a failed
    /// migration, and with the guest.
    /// </summary>
    public JobStats ReadCompletedStats() => Read(Completed | KeepCompleted);

    /// <summary>Aborts the job. A wrong state when there is none, or in post-copy, where there is no way back.</summary>
    public void Abort() => LibvirtException.Check(Native.virDomainAbortJob(_domain));

    /// <summary>The longest pause at switch-over that the guest's QEMU accepts.</summary>
    public TimeSpan ReadDowntimeLimit()
    {
        LibvirtException.Check(Native.virDomainMigrateGetMaxDowntime(_domain, out var milliseconds, flags: 0));
        return TimeSpan.FromMilliseconds(milliseconds);
    }

    /// <summary>Sets it, rounded down to milliseconds; 1 ms to 2000 s. Stays in that QEMU until set again.</summary>
    /// <param name="limit">The longest pause.</param>
    public void SetDowntimeLimit(TimeSpan limit)
        => LibvirtException.Check(Native.virDomainMigrateSetMaxDowntime(_domain, (ulong)limit.TotalMilliseconds, flags: 0));

    /// <summary>Sets the pre-copy cap, at once when a move runs.</summary>
    /// <param name="mebibytesPerSecond">Whole MiB/s.</param>
    public void SetSpeedLimit(ulong mebibytesPerSecond)
        => LibvirtException.Check(Native.virDomainMigrateSetMaxSpeed(_domain, new CULong((nuint)mebibytesPerSecond), flags: 0));

    private JobStats Read(uint flags)
    {
        using var parameters = TypedParametersHandle.OfJob(_domain, flags, out var type);
        return JobStats.Read((JobType)type, parameters);
    }
}
