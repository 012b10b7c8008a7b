using System.Collections.Concurrent;
using MassTransit;

namespace Drover.Coordinator.Tests;

/// <summary>The messages of one type that a coordinator has handled.</summary>
public sealed class Handled<T> : IConsumeMessageObserver<T>
    where T : class
{
    public ConcurrentQueue<T> Messages { get; } = [];

    public Task PreConsume(ConsumeContext<T> context) => Task.CompletedTask;

    public Task PostConsume(ConsumeContext<T> context)
    {
        Messages.Enqueue(context.Message);
        return Task.CompletedTask;
    }

    public Task ConsumeFault(ConsumeContext<T> context, Exception exception) => Task.CompletedTask;
}
