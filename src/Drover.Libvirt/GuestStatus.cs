namespace Drover.Libvirt;

/// <summary>A guest's state and libvirt's reason for it, read in one call.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Libvirt's number; its meaning depends on the state: <see cref="RunningReason"/>, <see cref="PausedReason"/>, <see cref="ShutOffReason"/>.</param>
public readonly record struct GuestStatus(GuestRunState State, int Reason);

/// <summary>Memory that a guest has now, in bytes, and its virtual CPUs.</summary>
/// <param name="MemoryBytes">Memory in bytes.</param>
/// <param name="Vcpus">Virtual CPUs.</param>
public readonly record struct GuestSize(long MemoryBytes, int Vcpus);

/// <summary>libvirt: virDomainState.</summary>
public enum GuestRunState
{
    /// <summary>No state.</summary>
    None = 0,

    /// <summary>Running.</summary>
    Running = 1,

    /// <summary>Waiting for a resource.</summary>
    Blocked = 2,

    /// <summary>Paused.</summary>
    Paused = 3,

    /// <summary>Being shut down.</summary>
    ShuttingDown = 4,

    /// <summary>Off.</summary>
    ShutOff = 5,

    /// <summary>Crashed.</summary>
    Crashed = 6,

    /// <summary>Suspended by its own power management.</summary>
    PowerManagementSuspended = 7,
}

/// <summary>libvirt: virDomainRunningReason; those that bear on a migration.</summary>
public enum RunningReason
{
    /// <summary>A migration brought it.</summary>
    Migrated = 2,

    /// <summary>A migration was cancelled.</summary>
    MigrationCancelled = 6,

    /// <summary>In post-copy.</summary>
    PostCopy = 10,

    /// <summary>Post-copy broke.</summary>
    PostCopyFailed = 11,
}

/// <summary>libvirt: virDomainPausedReason; those that bear on a migration.</summary>
public enum PausedReason
{
    /// <summary>By a user.</summary>
    User = 1,

    /// <summary>By a migration.</summary>
    Migration = 2,

    /// <summary>Being shut down.</summary>
    ShuttingDown = 8,

    /// <summary>Its crash was noticed.</summary>
    Crashed = 10,

    /// <summary>In post-copy.</summary>
    PostCopy = 12,

    /// <summary>Post-copy broke.</summary>
    PostCopyFailed = 13,
}

/// <summary>libvirt: virDomainShutoffReason; those that bear on a migration.</summary>
public enum ShutOffReason
{
    /// <summary>Shut down from within.</summary>
    Shutdown = 1,

    /// <summary>Destroyed by a user.</summary>
    Destroyed = 2,

    /// <summary>Crashed.</summary>
    Crashed = 3,

    /// <summary>A migration took it away.</summary>
    Migrated = 4,

    /// <summary>It failed to start.</summary>
    Failed = 6,
}
