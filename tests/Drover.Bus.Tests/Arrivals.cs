using System.Threading.Channels;
using MassTransit;

namespace Drover.Bus.Tests;

/// <summary>What reached a queue, in order of arrival.</summary>
public sealed class Arrivals<T>
    where T : class
{
    private readonly Channel<ConsumeContext<T>> _arrived = Channel.CreateUnbounded<ConsumeContext<T>>();

    /// <summary>How long a test waits for what must come. Long, because a busy machine is no fault.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    public void On(IReceiveEndpointConfigurator queue) => queue.Handler<T>(context => _arrived.Writer.WriteAsync(context).AsTask());

    public async Task<ConsumeContext<T>> Next()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(_patience);
        return await _arrived.Reader.ReadAsync(patience.Token);
    }

    public bool Empty => !_arrived.Reader.TryPeek(out _);
}
