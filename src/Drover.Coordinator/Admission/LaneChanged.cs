namespace Drover.Coordinator.Admission;

/// <summary>Somebody came to wait for this lane, a slot of it was freed, or its limit or openness changed: admit what can be admitted now.</summary>
public sealed record LaneChanged
{
    /// <summary>The lane's name.</summary>
    public required string Lane { get; init; }
}
