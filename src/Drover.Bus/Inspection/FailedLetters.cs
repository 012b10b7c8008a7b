using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Drover.Bus;

/// <summary>
/// A visit to one error queue: messages are taken out one after another and looked at; at the end those that were not removed are back in their places. By a
/// consumer, not by <c>basic.get</c>: a host's error queue has its queue's single active consumer, and the broker refuses to let such a queue be fetched from.
/// </summary>
internal sealed class FailedLetters : IAsyncDisposable
{
    private static readonly TimeSpan ArrivesWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BackWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);
    private readonly QueueLook _look;
    private readonly string _queue;
    private readonly IChannel _channel;
    private readonly Channel<BasicDeliverEventArgs> _arrived = System.Threading.Channels.Channel.CreateUnbounded<BasicDeliverEventArgs>();    // the prefetch is its bound
    private readonly ushort _mostHere;
    private readonly uint _mostLeft;
    private int _taken;
    private uint _removed;

    private FailedLetters(QueueLook look, string queue, IChannel channel, ushort mostHere, uint mostLeft) =>
        (_look, _queue, _channel, _mostHere, _mostLeft) = (look, queue, channel, mostHere, mostLeft);

    /// <summary>Where MassTransit sets aside what a queue's consumers could not handle, and what it has no consumer for.</summary>
    public static IEnumerable<string> QueuesOf(string queue) => [$"{queue}_error", $"{queue}_skipped"];

    /// <summary>Begins a visit, to see so many messages at most; null when there is no such queue or nothing in it.</summary>
    public static async Task<FailedLetters?> Open(IConnection connection, QueueLook look, string queue, int most, CancellationToken cancellationToken)
    {
        if (await look.Depth(queue, cancellationToken) is not { MessageCount: > 0 and var there } || most == 0)
            return null;
        var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        var here = (ushort)Math.Min(there, (uint)most);
        var visit = new FailedLetters(look, queue, channel, here, there);
        var reader = new AsyncEventingBasicConsumer(channel);
        // The library takes its buffer back after the call.
        reader.ReceivedAsync += async (_, letter) => await visit._arrived.Writer.WriteAsync(new BasicDeliverEventArgs(
            letter.ConsumerTag, letter.DeliveryTag, letter.Redelivered, letter.Exchange, letter.RoutingKey, letter.BasicProperties, letter.Body.ToArray()), CancellationToken.None);
        await channel.BasicQosAsync(0, here, global: false, cancellationToken);
        await channel.BasicConsumeAsync(queue, autoAck: false, reader, cancellationToken);
        return visit;
    }

    /// <summary>The next message; null when there is no other to be seen, or somebody else has it.</summary>
    public async Task<FailedLetter?> Next(CancellationToken cancellationToken)
    {
        if (_taken == _mostHere)
            return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ArrivesWithin);
        try
        {
            var letter = await _arrived.Reader.ReadAsync(patience.Token);
            _taken++;
            return new FailedLetter(letter);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Sends a message to the queue that it failed in: over that queue's own exchange, so that it keeps its routing key. Returns when the broker has it.</summary>
    public Task SendAgain(FailedLetter letter, string queue, CancellationToken cancellationToken) =>
        _channel.BasicPublishAsync(queue, letter.RoutingKey, mandatory: true, letter.PropertiesBefore(), letter.Body, cancellationToken).AsTask();

    /// <summary>Takes a message out of the error queue.</summary>
    public async Task Remove(FailedLetter letter, CancellationToken cancellationToken)
    {
        await _channel.BasicAckAsync(letter.DeliveryTag, multiple: false, cancellationToken);
        _removed++;
    }

    /// <summary>Closing the channel gives back what was not removed. A quorum queue takes a moment for it; whoever looks next should find everything.</summary>
    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        using var patience = new CancellationTokenSource(BackWithin);
        using var timer = new PeriodicTimer(LookEvery);
        try
        {
            while ((await _look.Depth(_queue, patience.Token))?.MessageCount < _mostLeft - _removed)
                await timer.WaitForNextTickAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Somebody else reads it, too.
        }
    }
}
