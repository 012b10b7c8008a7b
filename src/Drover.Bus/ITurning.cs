namespace Drover.Bus;

/// <summary>Something that a role does again and again for as long as it lives. One that does not turn any more is stuck, and so is its role.</summary>
public interface ITurning
{
    /// <summary>The time since it last began a turn.</summary>
    TimeSpan SinceTurn { get; }

    /// <summary>The longest time that a turn takes when all that it asks is away, and the pause before it: whatever is longer is stuck.</summary>
    TimeSpan TurnsWithin { get; }
}
