namespace Drover.Store.Migrations;

/// <summary>One decision with its inputs and its reason: it can be shown, and replayed against today's code. Append-only.</summary>
public sealed class JournalRow
{
    /// <summary>Assigned by the database.</summary>
    public long Id { get; set; }

    /// <summary>The migration it is about.</summary>
    public Guid MigrationId { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>What was decided about: "admission", "plan", "verdict", "cancel".</summary>
    public string Kind { get; set; } = null!;

    /// <summary>What was decided.</summary>
    public string Decision { get; set; } = null!;

    /// <summary>Why, in words.</summary>
    public string Reason { get; set; } = null!;

    /// <summary>The inputs, as JSON.</summary>
    public string Inputs { get; set; } = null!;
}
