namespace Drover.Bus;

/// <summary>A public event, ready to leave: <c>Publish</c> sends exactly <see cref="Body"/> as <c>application/json</c> to the events' exchange.</summary>
public sealed record WireEvent : IWireMessage
{
    /// <summary>Its routing key ("migration.completed").</summary>
    public required string RoutingKey { get; init; }

    /// <summary>Its JSON.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Its own id, which is its AMQP message-id: the same when it is sent again.</summary>
    public required Guid EventId { get; init; }
}
