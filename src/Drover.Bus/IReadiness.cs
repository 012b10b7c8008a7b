namespace Drover.Bus;

/// <summary>Something that a role needs for its work, and that can be away.</summary>
public interface IReadiness
{
    /// <summary>What is missing now, in a sentence; null when nothing is. Bounded in time; throws only when cancelled.</summary>
    Task<string?> WhyNot(CancellationToken cancellationToken);
}
