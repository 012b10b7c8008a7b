namespace Drover.Policy.Model;

/// <summary>What a host's libvirt says of one guest at one instant: the raw material of every verdict.</summary>
public sealed record GuestState
{
    /// <summary>Whether the guest runs, is paused, or is off.</summary>
    public required GuestPower Power { get; init; }

    /// <summary>Why it is in that state, as libvirt gives it.</summary>
    public required PowerReason Reason { get; init; }

    /// <summary>The job that libvirt has on the guest now.</summary>
    public required GuestJob Job { get; init; }

    /// <summary>Drover's own mark on the guest; null when it carries none.</summary>
    public Mark? Mark { get; init; }
}

/// <summary>A guest's power state (libvirt: virDomainState).</summary>
public enum GuestPower
{
    /// <summary>The vCPUs run (or are blocked waiting for work).</summary>
    Running = 1,

    /// <summary>The vCPUs are stopped, the memory is there.</summary>
    Paused = 2,

    /// <summary>Not active on this host; only a definition is there.</summary>
    ShutOff = 3,

    /// <summary>The guest or its QEMU crashed.</summary>
    Crashed = 4,

    /// <summary>Anything else (shutting down, suspended by its own power management).</summary>
    Other = 5,
}

/// <summary>The reasons beside a power state that a verdict depends on (libvirt: virDomainRunningReason, virDomainPausedReason, virDomainShutoffReason).</summary>
public enum PowerReason
{
    /// <summary>No reason that matters to a migration.</summary>
    Other = 0,

    /// <summary>Running or off because a migration moved it.</summary>
    Migrated = 1,

    /// <summary>Running again because a migration was cancelled.</summary>
    MigrationCancelled = 2,

    /// <summary>Paused by a migration: the switch-over, or a destination that waits for memory.</summary>
    Migration = 3,

    /// <summary>In post-copy: the memory is split between two hosts.</summary>
    PostCopy = 4,

    /// <summary>Post-copy broke; the memory is still split between two hosts.</summary>
    PostCopyFailed = 5,

    /// <summary>Paused by a user.</summary>
    User = 6,

    /// <summary>Shut down from within.</summary>
    Shutdown = 7,

    /// <summary>Destroyed by a user.</summary>
    Destroyed = 8,

    /// <summary>Crashed.</summary>
    Crashed = 9,

    /// <summary>An operation failed (libvirt: VIR_DOMAIN_SHUTOFF_FAILED).</summary>
    Failed = 10,
}

/// <summary>The job libvirt runs on a guest (libvirt: virDomainJobOperation).</summary>
public enum GuestJob
{
    /// <summary>No job.</summary>
    None = 0,

    /// <summary>Moving away from this host.</summary>
    MigrationOut = 1,

    /// <summary>Coming to this host.</summary>
    MigrationIn = 2,

    /// <summary>Anything else (save, dump, snapshot, backup).</summary>
    Other = 3,
}
