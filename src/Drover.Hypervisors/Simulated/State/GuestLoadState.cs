namespace Drover.Hypervisors.Simulated.State;

/// <summary>What a guest's work does to its memory, and what its transfers may do to it. It goes with the guest.</summary>
internal sealed record GuestLoadState
{
    public required long HotSetBytes { get; init; }
    public required long DirtyBytesPerSecond { get; init; }

    /// <summary>Whether transfers that begin from now on may throttle the guest.</summary>
    public bool AutoConverge { get; init; }
}
