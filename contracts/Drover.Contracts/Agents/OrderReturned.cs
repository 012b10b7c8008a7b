namespace Drover.Contracts.Agents;

/// <summary>An order that no agent took: its host has no queue, or let it lie past its time. It had no effect and never will.</summary>
public sealed record OrderReturned
{
    /// <summary>The migration.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>The host that was ordered.</summary>
    public required string Host { get; init; }

    /// <summary>The order's type name.</summary>
    public required string Order { get; init; }

    /// <summary>The epoch of the order; 0 for a question, which has none.</summary>
    public required long Epoch { get; init; }

    /// <summary>Why it came back, in words.</summary>
    public required string Reason { get; init; }
}
