namespace Drover.Contracts.Agents;

// The private conversation about one transfer. Orders carry migration, attempt and epoch; an agent refuses an epoch lower than the guest's mark.
//
//   coordinator → source agent:       CheckSource       → SourceChecked
//   coordinator → destination agent:  CheckDestination  → DestinationChecked
//   coordinator → source agent:       BeginTransfer     → TransferBegan | TransferEnded (refused), later TransferEnded
//   coordinator → source agent:       AbortTransfer     → (TransferEnded, or the next GuestReported)
//   coordinator → source agent:       ForceTransfer     → (nothing: it ends sooner)
//   coordinator → source agent:       ForgetGuest       → (nothing: its next inventory tells)
//   coordinator → both agents:        ReportGuest       → GuestReported

/// <summary>Order to the source: can this guest leave?</summary>
public sealed record CheckSource
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Its attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The order's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>The guest.</summary>
    public required Guid GuestUuid { get; init; }
}

/// <summary>The source's answer.</summary>
public sealed record SourceChecked
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Its attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The order's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>Why the guest cannot leave; null when it can.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether libvirt keeps the guest's definition when it is off.</summary>
    public bool Persistent { get; init; }

    /// <summary>What libvirt says of the guest; null from an agent that does not tell.</summary>
    public GuestSighting? Sighting { get; init; }
}

/// <summary>Order to the destination: can this guest come?</summary>
public sealed record CheckDestination
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Its attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The order's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>The guest.</summary>
    public required Guid GuestUuid { get; init; }

    /// <summary>Its name, which must be free there.</summary>
    public required string Guest { get; init; }

    /// <summary>Memory that it needs, in bytes.</summary>
    public required long MemoryBytes { get; init; }
}

/// <summary>The destination's answer.</summary>
public sealed record DestinationChecked
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Its attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The order's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>Why the guest cannot come; null when it can.</summary>
    public string? Refusal { get; init; }

    /// <summary>The destination's libvirt, as other hosts reach it ("qemu+tcp://10.0.0.2/system").</summary>
    public string? PeerUri { get; init; }

    /// <summary>Where the memory stream goes ("tcp://10.0.0.2"); null lets libvirt choose.</summary>
    public string? MigrateUri { get; init; }

    /// <summary>What libvirt says of the guest; null from an agent that does not tell.</summary>
    public GuestSighting? Sighting { get; init; }
}

/// <summary>Order to the source: move it.</summary>
public sealed record BeginTransfer
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Its attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The order's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>The guest.</summary>
    public required Guid GuestUuid { get; init; }

    /// <summary>The source's epoch floor when this was ordered: its agent refuses an order from below its floor. Null from a coordinator that knows none.</summary>
    public long? HostFloor { get; init; }

    /// <summary>Its name, for events.</summary>
    public required string Guest { get; init; }

    /// <summary>The host it moves from.</summary>
    public required string Source { get; init; }

    /// <summary>The host it moves to.</summary>
    public required string Destination { get; init; }

    /// <summary>The destination's libvirt.</summary>
    public required string PeerUri { get; init; }

    /// <summary>Where the memory stream goes; null lets libvirt choose.</summary>
    public string? MigrateUri { get; init; }

    /// <summary>The pause allowed at first.</summary>
    public required TimeSpan InitialDowntime { get; init; }

    /// <summary>The longest pause allowed.</summary>
    public required TimeSpan MaxDowntime { get; init; }

    /// <summary>Cap in bytes per second; null is no cap.</summary>
    public long? BandwidthBytesPerSecond { get; init; }

    /// <summary>Whether libvirt keeps the guest's definition when it is off.</summary>
    public required bool Persistent { get; init; }

    /// <summary>The last sequence announced; progress refers to it.</summary>
    public required long AfterSequence { get; init; }

    /// <summary>The guest's tenant, for events.</summary>
    public string? Tenant { get; init; }

    /// <summary>Who may see the migration, for events.</summary>
    public required Migrations.Visibility Visibility { get; init; }
}

/// <summary>The source's libvirt has the job.</summary>
public sealed record TransferBegan
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Its attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The order's epoch.</summary>
    public required long Epoch { get; init; }
}

/// <summary>The source's libvirt has the job no more, or never took it. A hint to ask both hosts, never a verdict.</summary>
public sealed record TransferEnded
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Its attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The order's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>What libvirt said, or why the order was not carried out; null when it said that all was well.</summary>
    public string? Error { get; init; }

    /// <summary>The pause at switch-over, where libvirt still knew.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>Bytes sent, where libvirt still knew.</summary>
    public long? TransferredBytes { get; init; }

    /// <summary>Passes over memory, where libvirt still knew.</summary>
    public long? Passes { get; init; }
}

/// <summary>Order to the source: stop moving it. Repeating it is harmless; it also bars a <see cref="BeginTransfer"/> with a lower epoch.</summary>
public sealed record AbortTransfer
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Its attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The order's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>The guest.</summary>
    public required Guid GuestUuid { get; init; }
}

/// <summary>
/// Order to the source: switch over as soon as QEMU can, however long the guest pauses. Repeating it is harmless; without a transfer of this attempt nothing
/// happens.
/// </summary>
public sealed record ForceTransfer
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Its attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The order's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>The guest.</summary>
    public required Guid GuestUuid { get; init; }
}

/// <summary>
/// Order to the source: the guest has arrived, and both hosts have said so; remove the definition that libvirt keeps of it, shut off, because it died before it
/// could do that itself (VIR_MIGRATE_UNDEFINE_SOURCE). Refused where the guest is active, or its definition does not carry this attempt's mark.
/// </summary>
public sealed record ForgetGuest
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Its attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The order's epoch.</summary>
    public required long Epoch { get; init; }

    /// <summary>The guest.</summary>
    public required Guid GuestUuid { get; init; }
}

/// <summary>Question to either host: what does your libvirt say of this guest?</summary>
public sealed record ReportGuest
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>The guest.</summary>
    public required Guid GuestUuid { get; init; }

    /// <summary>The question's number: an answer to an older one is not evidence.</summary>
    public required int Question { get; init; }

    /// <summary>A guest's running copies are counted, not a migration weighed: the answer goes where hosts' reports go, and the id names that inquiry.</summary>
    public bool AboutCopies { get; init; }
}

/// <summary>A host's testimony.</summary>
public sealed record GuestReported
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>The question that it answers.</summary>
    public required int Question { get; init; }

    /// <summary>The host that testifies.</summary>
    public required string Host { get; init; }

    /// <summary>What it says.</summary>
    public required GuestSighting Sighting { get; init; }
}
