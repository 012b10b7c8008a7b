using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Drover.Benchmarks.Bus;

/// <summary>The least that a step over RabbitMQ can cost: messages circulate through one quorum queue; consume, publish confirmed, ack.</summary>
internal sealed class RawHops : IAsyncDisposable
{
    public const int Circulating = 32;   // the migrations queue's prefetch
    private const ushort AtOnce = 16;    // and its concurrency
    private const string Queue = "hops";
    private readonly IConnection _connection;
    private readonly IChannel _consuming;
    private readonly IChannel _publishing;
    private int _hops;

    private RawHops(IConnection connection, IChannel consuming, IChannel publishing) => (_connection, _consuming, _publishing) = (connection, consuming, publishing);

    public static async Task<RawHops> Start(Uri broker, int bytes, CancellationToken cancellationToken)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
        var consuming = await connection.CreateChannelAsync(new CreateChannelOptions(false, false, consumerDispatchConcurrency: AtOnce), cancellationToken);
        var publishing = await connection.CreateChannelAsync(new CreateChannelOptions(true, true), cancellationToken);
        await consuming.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
        await consuming.BasicQosAsync(0, Circulating, global: false, cancellationToken);
        var hops = new RawHops(connection, consuming, publishing);
        for (var n = 0; n < Circulating; n++)
            await hops.Publish(new byte[bytes], cancellationToken);
        return hops;
    }

    /// <summary>Hops a second. Between runs the messages rest in their queue.</summary>
    public async Task<double> Run(TimeSpan time, CancellationToken cancellationToken)
    {
        var consumer = new AsyncEventingBasicConsumer(_consuming);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            await Publish(delivery.Body, cancellationToken);
            await _consuming.BasicAckAsync(delivery.DeliveryTag, multiple: false, cancellationToken);
            Interlocked.Increment(ref _hops);
        };
        var tag = await _consuming.BasicConsumeAsync(Queue, autoAck: false, consumer, cancellationToken);
        using var timer = new PeriodicTimer(time);
        var (start, before) = (Stopwatch.GetTimestamp(), _hops);
        await timer.WaitForNextTickAsync(cancellationToken);
        var perSecond = (_hops - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        await _consuming.BasicCancelAsync(tag, cancellationToken: cancellationToken);
        return perSecond;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private ValueTask Publish(ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        _publishing.BasicPublishAsync("", Queue, mandatory: true, new BasicProperties { Persistent = true }, body, cancellationToken);
}
