using Drover.Contracts.Migrations;

namespace Drover.Coordinator.Migrations;

// What the coordinator's own parts tell each other about a migration. Type names are wire identity inside its queues: never rename or move them.
//
//   intake → migration:      RequestMigration, RequestCancel, RequestResolution
//   migration → admission:   LaneChanged             (Admission/Messages.cs)
//   admission → migration:   MigrationGranted | MigrationBlocked
//   reconcile → migration:   CheckOn
//   scheduler → migration:   ReachNotBefore, ReachDeadline

/// <summary>A migrate-guest command that was understood, with its guest and hosts found.</summary>
public sealed record RequestMigration
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Digest of the command's content.</summary>
    public required string BodyDigest { get; init; }

    /// <summary>The AMQP message-id of the command, for a rejection.</summary>
    public string? CommandMessageId { get; init; }

    /// <summary>The guest's name.</summary>
    public required string Guest { get; init; }

    /// <summary>The guest.</summary>
    public required Guid GuestUuid { get; init; }

    /// <summary>The highest epoch that its mark was reported with: this migration's orders start above it.</summary>
    public long MarkEpoch { get; init; }

    /// <summary>Its memory in bytes.</summary>
    public required long GuestMemoryBytes { get; init; }

    /// <summary>The host it moves from.</summary>
    public required string Source { get; init; }

    /// <summary>The host it moves to.</summary>
    public required string Destination { get; init; }

    /// <summary>0 to 9.</summary>
    public required int Priority { get; init; }

    /// <summary>Who asks.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>The guest's tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>Hidden from the tenant.</summary>
    public bool OperatorOnly { get; init; }

    /// <summary>When it may enter the queue at the earliest.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it should have ended.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>What is done when it has not.</summary>
    public OnDeadline? OnDeadline { get; init; }

    /// <summary>The longest pause that the request allows.</summary>
    public TimeSpan? MaxDowntime { get; init; }

    /// <summary>The request's cap in bytes per second.</summary>
    public long? BandwidthBytesPerSecond { get; init; }
}

/// <summary>A cancel-migration command for a migration that exists.</summary>
public sealed record RequestCancel
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>The AMQP message-id of the command, for a rejection.</summary>
    public string? CommandMessageId { get; init; }

    /// <summary>Who asks.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Why.</summary>
    public string? Reason { get; init; }

    /// <summary>Its own deadline asks: nobody waits for an answer.</summary>
    public bool ByDeadline { get; init; }
}

/// <summary>A resolve-migration command for a migration that exists.</summary>
public sealed record RequestResolution
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>The AMQP message-id of the command, for a rejection.</summary>
    public string? CommandMessageId { get; init; }

    /// <summary>How it ends.</summary>
    public required ResolvedOutcome Outcome { get; init; }

    /// <summary>Where the guest runs, in the operator's words.</summary>
    public required string Statement { get; init; }

    /// <summary>Who says so.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>How they know.</summary>
    public required string Reason { get; init; }
}

/// <summary>The migration holds a slot in each of its lanes: committed with the slots.</summary>
public sealed record MigrationGranted
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Its lanes.</summary>
    public required IReadOnlyList<string> Lanes { get; init; }

    /// <summary>Why it was admitted now.</summary>
    public required string Reason { get; init; }
}

/// <summary>The migration was looked at and has to wait.</summary>
public sealed record MigrationBlocked
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>The lane without a free slot.</summary>
    public required string Lane { get; init; }

    /// <summary>The same in words.</summary>
    public required string Reason { get; init; }
}

/// <summary>The state's time is over, or one of its hosts is new to us: give the state's order or question again.</summary>
public sealed record CheckOn
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }
}

/// <summary>A migration's own time to begin has come.</summary>
public sealed record ReachNotBefore
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>The schedule's token: another than the migration's own is not meant any more.</summary>
    public required Guid Token { get; init; }
}

/// <summary>A migration's deadline has come.</summary>
public sealed record ReachDeadline
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>The schedule's token: another than the migration's own is not meant any more.</summary>
    public required Guid Token { get; init; }
}
