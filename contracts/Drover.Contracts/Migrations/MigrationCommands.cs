namespace Drover.Contracts.Migrations;

// anyone → Drover:  migrate-guest     → migration.requested … one of migration.completed | cancelled | failed,  or command.rejected
// anyone → Drover:  resolve-migration → the end that it names, or command.rejected
// anyone → Drover:  cancel-migration  → migration.cancelled, or whichever end came first,                       or command.rejected

/// <summary>
/// Asks for one guest to be moved live to another host. Routing key <c>migrate-guest</c>. The same <see cref="MigrationId"/> with the same body again
/// is the same migration; with another body it is refused (<see cref="Commands.RejectionCode.IdReused"/>).
/// </summary>
public sealed record MigrateGuest
{
    /// <summary>The client's own id for this migration, not all zeros; every event about it carries the same one.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>The guest's name (1 to 255 bytes, not blanks only, without '/' and control characters) or UUID.</summary>
    public required string Guest { get; init; }

    /// <summary>The host that it is expected on; when left out it is found by inventory. A host's name has 1 to 253 letters, digits, '.', '-' and '_'.</summary>
    public string? Source { get; init; }

    /// <summary>The host to move it to. Required by this version, which does not place guests by itself.</summary>
    public string? Destination { get; init; }

    /// <summary>0 (least urgent) to 9 (most urgent); 5 when left out.</summary>
    public int? Priority { get; init; }

    /// <summary>When it may enter the queue at the earliest; at once when left out or past. Until then its guest can be in no other migration.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it should have ended: then <see cref="OnDeadline"/> acts, and nothing else does. After <see cref="NotBefore"/>, and not past when it is asked for.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>What to do when the deadline is missed; <see cref="Migrations.OnDeadline.Report"/> when left out. Only with a <see cref="Deadline"/>.</summary>
    public OnDeadline? OnDeadline { get; init; }

    /// <summary>Tuning values that win over what Drover would choose.</summary>
    public TuningOverrides? Overrides { get; init; }

    /// <summary>Who asks, for the record; at most 200 characters.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Why, for the record; at most 500 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>The guest's tenant; at most 200 characters.</summary>
    public string? Tenant { get; init; }

    /// <summary>Who may see this migration; <see cref="Migrations.Visibility.Tenant"/> when left out.</summary>
    public Visibility? Visibility { get; init; }
}

/// <summary>What is done when a migration has not ended at its deadline.</summary>
public enum OnDeadline
{
    /// <summary>It is said (<c>migration.struggling</c>), and the migration goes on.</summary>
    Report = 1,

    /// <summary>A queued one goes to the front (no limit is broken); a moving one switches over at once, however long the guest pauses (<c>migration.escalated</c>).</summary>
    Force = 2,

    /// <summary>It is cancelled, as if somebody called "deadline" had asked for that.</summary>
    Cancel = 3,
}

/// <summary>Tuning values that a request sets itself.</summary>
public sealed record TuningOverrides
{
    /// <summary>Longest pause allowed at switch-over, 1 ms to 2000 s (QEMU's own limit).</summary>
    public TimeSpan? MaxDowntime { get; init; }

    /// <summary>Cap on the transfer in bytes per second, at least 1048576; rounded down to whole MiB/s, libvirt's unit.</summary>
    public long? BandwidthBytesPerSecond { get; init; }
}

/// <summary>Who may see a migration.</summary>
public enum Visibility
{
    /// <summary>The guest's tenant and operators.</summary>
    Tenant = 1,

    /// <summary>Operators only.</summary>
    Operator = 2,
}

/// <summary>Asks for a migration to be cancelled. Routing key <c>cancel-migration</c>. Refused once the guest runs on its destination.</summary>
public sealed record CancelMigration
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Who asks, for the record; at most 200 characters.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Why, for the record; at most 500 characters.</summary>
    public string? Reason { get; init; }
}

/// <summary>
/// Ends a migration that is unsure, on an operator's word. Routing key <c>resolve-migration</c>. Refused unless the migration is unsure, the statement names
/// the guest and the place that go with the outcome, and no host that answers contradicts it.
/// </summary>
public sealed record ResolveMigration
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>How it ends.</summary>
    public required ResolvedOutcome Outcome { get; init; }

    /// <summary>Where the guest runs, in one of two sentences: <c>GUEST runs on HOST</c> or <c>GUEST runs nowhere</c>; at most 600 characters.</summary>
    public required string Statement { get; init; }

    /// <summary>Who says so, for the record; 1 to 200 characters.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>How they know, for the record; 1 to 500 characters.</summary>
    public required string Reason { get; init; }
}

/// <summary>The ends that an operator may give to a migration.</summary>
public enum ResolvedOutcome
{
    /// <summary>The guest runs on its destination.</summary>
    Completed = 1,

    /// <summary>The guest runs on its source, as was asked.</summary>
    Cancelled = 2,

    /// <summary>The guest runs on its source or on a third host, or nowhere.</summary>
    Failed = 3,
}
