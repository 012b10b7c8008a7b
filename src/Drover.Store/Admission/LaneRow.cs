namespace Drover.Store.Admission;

/// <summary>A lane: a counted resource that running migrations occupy. Its row is the lock under which slots are granted.</summary>
public sealed class LaneRow
{
    /// <summary>Its name: <c>out:HOST</c> or <c>in:HOST</c>.</summary>
    public string Name { get; set; } = null!;

    /// <summary>The host that it belongs to.</summary>
    public string Host { get; set; } = null!;

    /// <summary>Slots that may be held at once; 0 or more. Lowering it ends nothing that runs.</summary>
    public int Limit { get; set; }

    /// <summary>Why nothing is admitted now ("host-b silent since …"); null when the lane is open.</summary>
    public string? ClosedBecause { get; set; }
}
