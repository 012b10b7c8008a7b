using Drover.Contracts;
using MassTransit;
using MassTransit.Transports.Fabric;

namespace Drover.Bus;

internal sealed class InMemoryEndpoints(IInMemoryBusFactoryConfigurator bus) : DroverEndpoints
{
    private protected override void Declare(Endpoint endpoint, Action<IReceiveEndpointConfigurator> configure) => bus.ReceiveEndpoint(endpoint.Queue, (IInMemoryReceiveEndpointConfigurator e) =>
    {
        switch (endpoint.Exchange)
        {
            case Exchange.None: break;
            case Exchange.Commands: e.Bind(RoutingKeys.CommandsExchange, ExchangeType.Direct, endpoint.RoutingKey); break;
            case Exchange.Events: e.Bind(RoutingKeys.EventsExchange, ExchangeType.Topic, endpoint.RoutingKey); break;
            case Exchange.Agents: e.Bind(Queues.AgentsExchange, ExchangeType.Direct, endpoint.RoutingKey); break;
        }
        if (KeepFailed is { } keep)
            e.ConfigureError(error => error.UseExecuteAsync(keep));
        configure(e);
    });
}
