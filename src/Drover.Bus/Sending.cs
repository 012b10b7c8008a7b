using MassTransit;

namespace Drover.Bus;

/// <summary>How Drover's parts address each other. Never <c>queue:NAME</c>: that declares the queue again without its arguments, which the broker refuses.</summary>
public static class Sending
{
    // In-memory wants the exchange type's name capitalised, RabbitMQ in lower case; each takes the last that it understands.
    private static readonly Uri _agents = new($"exchange:{Queues.AgentsExchange}?type=Direct&type=direct");

    /// <summary>Sends to one of <see cref="Queues"/>.</summary>
    /// <exception cref="MessageReturnedException">RabbitMQ has no such queue. (From an outbox: thrown where the row is sent.)</exception>
    public static async Task SendTo<T>(this ISendEndpointProvider provider, string queue, T message, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(provider);
        var endpoint = await provider.GetSendEndpoint(new Uri($"exchange:{queue}"));
        await endpoint.Send(message, Pipe.Execute<SendContext<T>>(MakeMandatory), cancellationToken);
    }

    /// <summary>Sends an order to a host's agent. One that is not taken in <see cref="BusOptions.OrderTimeToLive"/> goes to <see cref="Queues.ReturnedOrders"/>.</summary>
    /// <exception cref="MessageReturnedException">RabbitMQ has no queue for this host. (From an outbox: thrown where the row is sent.)</exception>
    public static async Task Order<T>(this ISendEndpointProvider provider, string host, T order, CancellationToken cancellationToken)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(provider);
        var endpoint = await provider.GetSendEndpoint(_agents);
        await endpoint.Send(order, Pipe.Execute<SendContext<T>>(context =>
        {
            context.TrySetRoutingKey(host);
            MakeMandatory(context);
        }), cancellationToken);
    }

    private static void MakeMandatory(SendContext context)
    {
        if (context is PublishContext publish)
            publish.Mandatory = true;
    }
}
