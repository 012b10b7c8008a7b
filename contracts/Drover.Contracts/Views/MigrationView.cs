using Drover.Contracts.Migrations;

namespace Drover.Contracts.Views;

/// <summary>A migration as the HTTP API shows it.</summary>
public sealed record MigrationView
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Its state: <c>requested</c>, <c>queued</c>, <c>preparing</c>, <c>pre-copying</c>, <c>cancelling</c>, <c>unsure</c>, <c>completed</c>, <c>cancelled</c>, <c>failed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Why it is in that state, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>The guest's name.</summary>
    public required string Guest { get; init; }

    /// <summary>The guest's UUID.</summary>
    public required Guid GuestUuid { get; init; }

    /// <summary>The host it moves from.</summary>
    public required string Source { get; init; }

    /// <summary>The host it moves to.</summary>
    public required string Destination { get; init; }

    /// <summary>0 to 9.</summary>
    public required int Priority { get; init; }

    /// <summary>Who asked.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>The guest's tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>When it was requested.</summary>
    public required DateTimeOffset RequestedAt { get; init; }

    /// <summary>When it may enter the queue at the earliest; null: at once.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>When it should have ended; null: whenever.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>What is done when it has not ended by then; null without a deadline.</summary>
    public OnDeadline? OnDeadline { get; init; }

    /// <summary>When its transfer began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The newest look at the transfer; null before it began.</summary>
    public MigrationProgressed? Progress { get; init; }

    /// <summary>The pause at switch-over, once known.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>Bytes sent, once known.</summary>
    public long? TransferredBytes { get; init; }

    /// <summary>Passes over memory, once known.</summary>
    public long? Passes { get; init; }
}

/// <summary>A page of migrations.</summary>
public sealed record MigrationList
{
    /// <summary>The migrations, newest first.</summary>
    public required IReadOnlyList<MigrationView> Migrations { get; init; }

    /// <summary>Give this as <c>cursor</c> for the next page; null on the last.</summary>
    public string? Next { get; init; }
}

/// <summary>A migration with everything that was announced and decided about it.</summary>
public sealed record MigrationDetail
{
    /// <summary>The migration.</summary>
    public required MigrationView Migration { get; init; }

    /// <summary>Its events in order of sequence, as they were published.</summary>
    public required IReadOnlyList<EventView> Events { get; init; }

    /// <summary>Its decisions, with their reasons.</summary>
    public required IReadOnlyList<DecisionView> Journal { get; init; }
}

/// <summary>One published event.</summary>
public sealed record EventView
{
    /// <summary>Its number within the migration.</summary>
    public required long Sequence { get; init; }

    /// <summary>Its routing key ("migration.started").</summary>
    public required string RoutingKey { get; init; }

    /// <summary>Its body, as it was published.</summary>
    public required System.Text.Json.JsonElement Body { get; init; }
}

/// <summary>One decision.</summary>
public sealed record DecisionView
{
    /// <summary>When it was made.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What was decided about ("admission", "plan", "verdict").</summary>
    public required string Kind { get; init; }

    /// <summary>What was decided.</summary>
    public required string Decision { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }
}
