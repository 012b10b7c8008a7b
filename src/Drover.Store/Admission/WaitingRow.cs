namespace Drover.Store.Admission;

/// <summary>A migration that waits for its slots. Beside the saga's row, not in it, so that granting never collides with the saga's own transactions.</summary>
public sealed class WaitingRow
{
    /// <summary>Grows with arrival; assigned by the database.</summary>
    public long Arrival { get; set; }

    /// <summary>The migration.</summary>
    public Guid MigrationId { get; set; }

    /// <summary>The source's lane.</summary>
    public string OutLane { get; set; } = null!;

    /// <summary>The destination's lane.</summary>
    public string InLane { get; set; } = null!;

    /// <summary>0 to 9; more urgent first.</summary>
    public int Priority { get; set; }

    /// <summary>The lane that blocked it when it was last looked at; null before.</summary>
    public string? BlockedBy { get; set; }
}
