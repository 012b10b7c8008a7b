namespace Drover.Bus;

/// <summary>An event as it came.</summary>
public sealed record EventBytes
{
    /// <summary>Its routing key ("migration.progressed").</summary>
    public required string RoutingKey { get; init; }

    /// <summary>Its body.</summary>
    public required byte[] Body { get; init; }
}
