using Drover.Contracts.Views;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Drover.Bus;

/// <summary>Looks at queues without changing them: a passive declare tells depth and consumers.</summary>
internal sealed class QueueLook(IConnection connection) : IAsyncDisposable
{
    private IChannel? _channel;

    /// <summary>A queue with the depth of its error queues; null when nobody has made it.</summary>
    public async Task<QueueView?> At(string queue, CancellationToken cancellationToken)
    {
        if (await Depth(queue, cancellationToken) is not { } own)
            return null;
        long failed = 0;
        foreach (var letters in FailedLetters.QueuesOf(queue))
            failed += (await Depth(letters, cancellationToken))?.MessageCount ?? 0;
        return new QueueView { Queue = queue, Messages = own.MessageCount, Consumers = (int)own.ConsumerCount, Failed = failed };
    }

    /// <summary>The failed messages of a queue, oldest first in each of its error queues.</summary>
    public async Task<IReadOnlyList<FailedMessageView>> Failed(string queue, int most, CancellationToken cancellationToken)
    {
        var failed = new List<FailedMessageView>();
        foreach (var letters in FailedLetters.QueuesOf(queue))
        {
            if (await FailedLetters.Open(connection, this, letters, most - failed.Count, cancellationToken) is not { } visit)
                continue;
            await using (visit)
            {
                while (await visit.Next(cancellationToken) is { } letter)
                    failed.Add(letter.View(queue));
            }
        }
        return failed;
    }

    /// <summary>A queue's depth and consumers; null when nobody has made it.</summary>
    public async Task<QueueDeclareOk?> Depth(string queue, CancellationToken cancellationToken)
    {
        _channel ??= await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        try
        {
            return await _channel.QueueDeclarePassiveAsync(queue, cancellationToken);
        }
        catch (OperationInterruptedException error) when (error.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            await _channel.DisposeAsync();      // the broker has closed it
            _channel = null;
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_channel is not null)
            await _channel.DisposeAsync();
    }
}
