namespace Drover.Store.Tests.Contract;

/// <summary>Asks a tally to count one more.</summary>
public sealed record Count
{
    public required Guid TallyId { get; init; }

    /// <summary>The total up to which the receiver of <see cref="Counted"/> asks for the next; 0 for never.</summary>
    public int Until { get; init; }
}

/// <summary>A tally has counted.</summary>
public sealed record Counted
{
    public required Guid TallyId { get; init; }
    public required int Total { get; init; }
    public int Until { get; init; }
}

/// <summary>Ends all tallies with this total: the one message here that finds sagas by a query.</summary>
public sealed record EndAll
{
    public required int Total { get; init; }
}
