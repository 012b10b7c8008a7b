using MassTransit;

namespace Drover.Bus;

/// <summary>A message whose bytes are the message: no envelope.</summary>
[ExcludeFromTopology]
internal interface IWireMessage
{
    string RoutingKey { get; }

    byte[] Body { get; }
}
