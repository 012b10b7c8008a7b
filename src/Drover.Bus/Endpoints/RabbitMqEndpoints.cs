using Drover.Contracts;
using MassTransit;
using RabbitMQ.Client;
using static RabbitMQ.Client.Headers;

namespace Drover.Bus;

internal sealed class RabbitMqEndpoints(Action<string, Action<IRabbitMqReceiveEndpointConfigurator>> make, BusOptions options) : DroverEndpoints
{
    private protected override void Declare(Endpoint endpoint, Action<IReceiveEndpointConfigurator> configure) => make(endpoint.Queue, e =>
    {
        if (endpoint.Fleeting)
            (e.Durable, e.AutoDelete, e.Exclusive) = (false, true, true);
        else if (!endpoint.OneHost || options.QuorumHostQueues)
            e.SetQuorumQueue();
        if (endpoint.OneHost)
        {
            e.SingleActiveConsumer = true;
            e.DeadLetterExchange = Queues.ReturnedOrders;
        }
        switch (endpoint.Exchange)
        {
            case Exchange.None: break;
            case Exchange.Commands: e.Bind(RoutingKeys.CommandsExchange, b => Bind(b, ExchangeType.Direct).SetExchangeArgument(AlternateExchange, Queues.UnknownCommand)); break;
            case Exchange.Events: e.Bind(RoutingKeys.EventsExchange, b => Bind(b, ExchangeType.Topic)); break;
            case Exchange.Agents: e.Bind(Queues.AgentsExchange, b => Bind(b, ExchangeType.Direct)); break;
        }
        configure(e);

        IRabbitMqExchangeBindingConfigurator Bind(IRabbitMqExchangeBindingConfigurator binding, string type)
        {
            binding.ExchangeType = type;
            binding.RoutingKey = endpoint.RoutingKey!;
            return binding;
        }
    });
}
