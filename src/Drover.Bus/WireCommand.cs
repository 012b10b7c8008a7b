namespace Drover.Bus;

/// <summary>A public command, ready to leave: <c>Publish</c> sends exactly <see cref="Body"/> as <c>application/json</c> to the commands' exchange.</summary>
public sealed record WireCommand : IWireMessage
{
    /// <summary>Its routing key ("migrate-guest").</summary>
    public required string RoutingKey { get; init; }

    /// <summary>Its JSON.</summary>
    public required byte[] Body { get; init; }
}
