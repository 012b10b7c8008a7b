namespace Drover.Bus;

/// <summary>A command as it came: whatever bytes, JSON or not. <see cref="CommandReader"/> makes sense of them.</summary>
public sealed record CommandBytes
{
    /// <summary>Its routing key ("migrate-guest"); empty when it had none.</summary>
    public required string RoutingKey { get; init; }

    /// <summary>Its body.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The sender's message-id, as it was written; null when there was none.</summary>
    public string? MessageId { get; init; }
}
