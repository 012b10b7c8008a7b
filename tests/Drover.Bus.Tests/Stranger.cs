using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Drover.Bus.Tests;

/// <summary>A client that knows nothing of MassTransit: RabbitMQ's own library, raw bytes.</summary>
public sealed class Stranger : IAsyncDisposable
{
    private readonly IConnection _connection;

    private Stranger(IConnection connection, IChannel channel) => (_connection, Channel) = (connection, channel);

    public IChannel Channel { get; }

    public static async Task<Stranger> Connect(Uri url)
    {
        var connection = await new ConnectionFactory { Uri = url }.CreateConnectionAsync(TestContext.Current.CancellationToken);
        return new Stranger(connection, await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    /// <summary>MassTransit makes an error queue when the first message fails; a quorum queue that is just being made cannot be consumed yet.</summary>
    public async Task<ChannelReader<BasicDeliverEventArgs>> ConsumeOnceItHolds(int messages, string queue)
    {
        using var patience = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var looks = 0; looks < 600; looks++)
        {
            await patience.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            await using var look = await _connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
            try
            {
                if ((await look.QueueDeclarePassiveAsync(queue, TestContext.Current.CancellationToken)).MessageCount >= messages)
                    return await Consume(queue);
            }
            catch (OperationInterruptedException error) when (error.ShutdownReason?.ReplyCode == Constants.NotFound)
            {
                // Not yet.
            }
        }
        throw new TimeoutException($"{queue} has not filled");
    }

    public ValueTask Send(string exchange, string routingKey, byte[] body, BasicProperties? properties = null) =>
        Channel.BasicPublishAsync(exchange, routingKey, mandatory: false, properties ?? new BasicProperties(), body, TestContext.Current.CancellationToken);

    /// <summary>Binds a queue of its own to an exchange.</summary>
    public async Task<ChannelReader<BasicDeliverEventArgs>> Listen(string exchange, string routingKey)
    {
        var queue = await Channel.QueueDeclareAsync(cancellationToken: TestContext.Current.CancellationToken);
        await Channel.QueueBindAsync(queue.QueueName, exchange, routingKey, cancellationToken: TestContext.Current.CancellationToken);
        return await Consume(queue.QueueName);
    }

    public async Task<ChannelReader<BasicDeliverEventArgs>> Consume(string queue)
    {
        var arrived = System.Threading.Channels.Channel.CreateUnbounded<BasicDeliverEventArgs>();
        var consumer = new AsyncEventingBasicConsumer(Channel);
        // The library takes its buffer back after the call.
        consumer.ReceivedAsync += async (_, delivery) => await arrived.Writer.WriteAsync(new BasicDeliverEventArgs(delivery.ConsumerTag, delivery.DeliveryTag,
            delivery.Redelivered, delivery.Exchange, delivery.RoutingKey, delivery.BasicProperties, delivery.Body.ToArray()));
        await Channel.BasicConsumeAsync(queue, autoAck: true, consumer, TestContext.Current.CancellationToken);
        return arrived.Reader;
    }

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
