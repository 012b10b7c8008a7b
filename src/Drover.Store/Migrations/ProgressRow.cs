namespace Drover.Store.Migrations;

/// <summary>The newest look at a running migration: one row each, last write wins, no part of the saga's traffic.</summary>
public sealed class ProgressRow
{
    /// <summary>The migration.</summary>
    public Guid MigrationId { get; set; }

    /// <summary>When the agent looked.</summary>
    public DateTimeOffset OccurredAt { get; set; }

    /// <summary>The <c>migration.progressed</c> event's JSON body.</summary>
    public string Body { get; set; } = null!;
}
