namespace Drover.Policy.Passes;

/// <summary>A pass over memory that has ended; or several, when no reading was taken in between.</summary>
public readonly record struct Pass
{
    /// <summary>Its number, counted from 1; the last one's when several ended unseen.</summary>
    public required long Number { get; init; }

    /// <summary>How many passes these figures cover: 1, or more when readings were missed.</summary>
    public required long Covers { get; init; }

    /// <summary>How long it took, to the precision of the readings on both its sides.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Memory bytes sent in it.</summary>
    public required long SentBytes { get; init; }

    /// <summary>Memory bytes to send in the pass after it, as first read: what the guest dirtied meanwhile. Comparable from pass to pass.</summary>
    public required long LeftBytes { get; init; }

    /// <summary>The guest's dirty rate as QEMU saw it at the boundary, bytes per second.</summary>
    public required long DirtyBytesPerSecond { get; init; }
}
