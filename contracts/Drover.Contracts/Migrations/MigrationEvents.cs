using System.Text.Json.Serialization;

namespace Drover.Contracts.Migrations;

// Drover → anyone, in life order:
//   requested → queued? → admitted → started → progressed* → unsure? → completed | cancelled | failed
//   and at a missed deadline, as the request wants it: struggling | escalated
// A base record carries what every event says of its migration: the JSON is flat, and its members stand in one place instead of nine. They are required
// on the wire ([JsonRequired]) and not by the compiler: one stamp fills them in, where the sequence is assigned.

/// <summary>What every event of a migration carries.</summary>
public abstract record MigrationEvent
{
    /// <summary>The event's name, the same as its routing key: a body that lies in a file or a log still says what it is.</summary>
    [JsonPropertyOrder(-2)]
    public string Event => RoutingKeys.Events[GetType()];

    /// <summary>This event's own id: the same when it is delivered again.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public Guid EventId { get; init; }

    /// <summary>When it happened, by the clock of the process that saw it.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>The migration.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public Guid MigrationId { get; init; }

    /// <summary>Its attempt, counted from 1.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public int Attempt { get; init; }

    /// <summary>The guest's name.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public string Guest { get; init; } = null!;

    /// <summary>The guest's UUID.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public Guid GuestUuid { get; init; }

    /// <summary>The host it moves from.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public string Source { get; init; } = null!;

    /// <summary>The host it moves to.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public string Destination { get; init; } = null!;

    /// <summary>The guest's tenant, where the request named one.</summary>
    [JsonPropertyOrder(-1)]
    public string? Tenant { get; init; }

    /// <summary>Who may see the migration.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public Visibility Visibility { get; init; }
}

/// <summary>An event that a migration's own record numbers. Delivery order is not promised: order by <see cref="Sequence"/>.</summary>
public abstract record MigrationStep : MigrationEvent
{
    /// <summary>Counts from 1 without a gap within one migration.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public long Sequence { get; init; }
}

/// <summary><c>migration.requested</c>: accepted; from here on there will be exactly one end.</summary>
public sealed record MigrationRequested : MigrationStep
{
    /// <summary>0 (least urgent) to 9 (most urgent).</summary>
    public required int Priority { get; init; }

    /// <summary>Who asked.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Why they asked.</summary>
    public string? Reason { get; init; }

    /// <summary>When it may enter the queue at the earliest; null: at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it should have ended; null: whenever.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>What is done when it has not ended by then; null without a deadline.</summary>
    public OnDeadline? OnDeadline { get; init; }
}

/// <summary><c>migration.queued</c>: it has to wait; published again only when what it waits for changes.</summary>
public sealed record MigrationQueued : MigrationStep
{
    /// <summary>The lane without a free slot ("in:host-b").</summary>
    public required string BlockedBy { get; init; }

    /// <summary>The same in words ("in:host-b 2/2").</summary>
    public required string Reason { get; init; }
}

/// <summary><c>migration.admitted</c>: it holds a slot in each of its lanes.</summary>
public sealed record MigrationAdmitted : MigrationStep
{
    /// <summary>The lanes ("out:host-a", "in:host-b").</summary>
    public required IReadOnlyList<string> Lanes { get; init; }

    /// <summary>Why it was admitted now.</summary>
    public required string Reason { get; init; }
}

/// <summary><c>migration.started</c>: memory moves; the guest runs on its source.</summary>
public sealed record MigrationStarted : MigrationStep
{
    /// <summary>The pause allowed at first; raised pass by pass up to <see cref="MaxDowntime"/>.</summary>
    public required TimeSpan InitialDowntime { get; init; }

    /// <summary>The longest pause that is allowed.</summary>
    public required TimeSpan MaxDowntime { get; init; }

    /// <summary>Cap in bytes per second; null is no cap.</summary>
    public long? BandwidthBytesPerSecond { get; init; }

    /// <summary>Where these values come from, in words.</summary>
    public required string Reason { get; init; }
}

/// <summary><c>migration.progressed</c>: one look at a running migration, about one a second. The only event that may be dropped under load.</summary>
public sealed record MigrationProgressed : MigrationEvent
{
    /// <summary>The numbered event that this one follows.</summary>
    public required long AfterSequence { get; init; }

    /// <summary>What is moved now: <c>setup</c>, <c>disks</c>, <c>pre-copy</c> or <c>post-copy</c>.</summary>
    public required TransferPhase Phase { get; init; }

    /// <summary>0 to 99; never smaller than before within an attempt.</summary>
    public required int Percent { get; init; }

    /// <summary>Time since the transfer began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The pass over memory, counted from 1.</summary>
    public required long Pass { get; init; }

    /// <summary>Bytes still to send in this pass. A saw-tooth: compare it at pass boundaries only.</summary>
    public required long RemainingBytes { get; init; }

    /// <summary>Bytes sent so far.</summary>
    public required long TransferredBytes { get; init; }

    /// <summary>The guest's memory and the disks that move with it.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Throughput over the last second.</summary>
    public required long BytesPerSecond { get; init; }

    /// <summary>Dirty rate as QEMU saw it in the last pass.</summary>
    public required long DirtyBytesPerSecond { get; init; }

    /// <summary>Throttle on the guest's CPUs in percent, 0 when it is not throttled.</summary>
    public required int ThrottlePercent { get; init; }

    /// <summary>The pause that is allowed now.</summary>
    public required TimeSpan DowntimeLimit { get; init; }
}

/// <summary>What a running transfer is doing.</summary>
public enum TransferPhase
{
    /// <summary>Setting up; nothing is sent yet.</summary>
    Setup = 0,

    /// <summary>Copying disks.</summary>
    Disks = 1,

    /// <summary>Copying memory while the guest runs on its source.</summary>
    PreCopy = 2,

    /// <summary>Copying memory while the guest runs on its destination.</summary>
    PostCopy = 3,
}

/// <summary><c>migration.struggling</c>: it goes on, and will not end as it was asked to by itself.</summary>
public sealed record MigrationStruggling : MigrationStep
{
    /// <summary>What it struggles with, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>What an operator can do about it, in words.</summary>
    public string? WouldHelp { get; init; }
}

/// <summary><c>migration.escalated</c>: more is done so that it ends.</summary>
public sealed record MigrationEscalated : MigrationStep
{
    /// <summary>What is done.</summary>
    public required Rung Rung { get; init; }

    /// <summary>Its priority from now on, for <see cref="Rung.Priority"/>.</summary>
    public int? Priority { get; init; }

    /// <summary>The pause that is allowed from now on, for <see cref="Rung.Downtime"/>.</summary>
    public TimeSpan? DowntimeLimit { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }
}

/// <summary>What is done so that a migration ends.</summary>
public enum Rung
{
    /// <summary>It goes before others in its queue. No limit is broken.</summary>
    Priority = 1,

    /// <summary>The guest may pause longer at the switch-over.</summary>
    Downtime = 2,
}

/// <summary><c>migration.unsure</c>: it is not known where the guest runs; its slots stay held while Drover finds out.</summary>
public sealed record MigrationUnsure : MigrationStep
{
    /// <summary>What is not known and who is asked.</summary>
    public required string Reason { get; init; }
}

/// <summary><c>migration.completed</c>: the guest runs on its destination, and its source has let go of it.</summary>
public sealed record MigrationCompleted : MigrationStep
{
    /// <summary>From <c>requested</c> to now.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The pause at switch-over as libvirt measured it; null when libvirt no longer knew.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>Bytes sent; null when libvirt no longer knew.</summary>
    public long? TransferredBytes { get; init; }

    /// <summary>Passes over memory; null when libvirt no longer knew.</summary>
    public long? Passes { get; init; }

    /// <summary>The evidence, in words.</summary>
    public required string Reason { get; init; }
}

/// <summary><c>migration.cancelled</c>: it ended as it was asked to; the guest was not moved.</summary>
public sealed record MigrationCancelled : MigrationStep
{
    /// <summary>Who asked for it.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Why, and the evidence, in words.</summary>
    public required string Reason { get; init; }
}

/// <summary><c>migration.failed</c>: it ended and the guest was not moved, or is no more.</summary>
public sealed record MigrationFailed : MigrationStep
{
    /// <summary>The kind of failure, for programs.</summary>
    public required FailureCode Code { get; init; }

    /// <summary>The failure and the evidence, in words.</summary>
    public required string Reason { get; init; }
}

/// <summary>Why a migration failed.</summary>
public enum FailureCode
{
    /// <summary>A check on the source said no before anything moved.</summary>
    SourceRefused = 1,

    /// <summary>A check on the destination said no before anything moved.</summary>
    DestinationRefused = 2,

    /// <summary>The transfer ended with an error and the guest runs on its source.</summary>
    TransferFailed = 3,

    /// <summary>The guest was shut down, destroyed or crashed while it moved.</summary>
    GuestEnded = 4,

    /// <summary>A host did not take its order in time, and nothing had been moved.</summary>
    HostUnreachable = 5,

    /// <summary>Other hands moved the guest: it is on a third host, or on its destination without this attempt's mark.</summary>
    MovedByOthers = 10,

    /// <summary>The evidence did not decide, and an operator did.</summary>
    ResolvedByOperator = 11,
}
