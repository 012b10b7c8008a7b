namespace Drover.Hypervisors.Simulated.Physics;

/// <summary>A guest as its memory behaves.</summary>
internal readonly record struct MemoryLoad
{
    /// <summary>All memory.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Of that, what is not zero.</summary>
    public required long NonZeroBytes { get; init; }

    /// <summary>Of that, what its work writes to.</summary>
    public required long HotSetBytes { get; init; }

    /// <summary>In which order it writes to it.</summary>
    public required WriteOrder WriteOrder { get; init; }

    /// <summary>How fast it writes: bytes of pages per second, each page as often as it is written. 0 while its vCPUs are stopped.</summary>
    public required double DirtyBytesPerSecond { get; init; }

    /// <summary>How fast it would write if it never rested. A throttle takes from this first.</summary>
    public required double MostDirtyBytesPerSecond { get; init; }
}
