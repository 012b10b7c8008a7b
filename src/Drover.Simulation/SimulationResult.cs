namespace Drover.Simulation;

/// <summary>What came of one seed.</summary>
internal sealed record SimulationResult
{
    public required int Seed { get; init; }

    /// <summary>The first thing that was not as it must be; null when nothing was.</summary>
    public required string? Violation { get; init; }

    public required string Trace { get; init; }

    public required string TraceHash { get; init; }

    public required long Migrations { get; init; }

    /// <summary>How much time passed in it.</summary>
    public required TimeSpan Took { get; init; }
}
