using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace Drover.Observer;

/// <summary>
/// Keeps every message of an exchange as a line of a file, like any subscriber that must miss nothing: a durable queue, acknowledged once written. A broker that
/// is away is tried again until standard input ends.
/// </summary>
internal static class Listener
{
    private const ushort Prefetch = 200;
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(3);

    public static async Task<int> Run(string url, string exchange, string queue, string file)
    {
        await using var lines = new StreamWriter(file, append: true) { AutoFlush = true };
        using var ending = new CancellationTokenSource();
        var input = Task.Run(async () =>
        {
            while (await Console.In.ReadLineAsync() is not null)
                continue;
            await ending.CancelAsync();
        });
        var factory = new ConnectionFactory { Uri = new Uri(url), AutomaticRecoveryEnabled = false, RequestedHeartbeat = Heartbeat };
        using var pace = new PeriodicTimer(Again);
        while (!ending.IsCancellationRequested)
        {
            try
            {
                await Listen(factory, exchange, queue, lines, ending.Token);
            }
            catch (Exception e) when (e is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException or IOException or TimeoutException or OperationCanceledException)
            {
                // Away, or not yet what it will be: the exchange is the publisher's to declare.
            }
            if (!ending.IsCancellationRequested)
                await pace.WaitForNextTickAsync(CancellationToken.None);
        }
        await input;
        return 0;
    }

    private static async Task Listen(ConnectionFactory factory, string exchange, string queue, StreamWriter lines, CancellationToken ending)
    {
        await using var connection = await factory.CreateConnectionAsync(ending);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ending);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        channel.ChannelShutdownAsync += (_, _) =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: ending);
        await channel.QueueBindAsync(queue, exchange, "#", cancellationToken: ending);
        await channel.BasicQosAsync(0, Prefetch, global: false, ending);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            await lines.WriteLineAsync(System.Text.Encoding.UTF8.GetString(message.Body.Span).ReplaceLineEndings(" "));
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, ending);
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, ending);
        await closed.Task.WaitAsync(ending);
    }
}
