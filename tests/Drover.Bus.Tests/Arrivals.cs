using System.Threading.Channels;
using MassTransit;

namespace Drover.Bus.Tests;

/// <summary>What reached a queue, in order of arrival.</summary>
public sealed class Arrivals<T>
    where T : class
{
    private readonly Channel<ConsumeContext<T>> _arrived = Channel.CreateUnbounded<ConsumeContext<T>>();

    public void On(IReceiveEndpointConfigurator queue) => queue.Handler<T>(Take);

    public Task Take(ConsumeContext<T> context) => _arrived.Writer.WriteAsync(context).AsTask();

    public Task<ConsumeContext<T>> Next() => _arrived.Reader.Next();

    public bool Empty => !_arrived.Reader.TryPeek(out _);
}
