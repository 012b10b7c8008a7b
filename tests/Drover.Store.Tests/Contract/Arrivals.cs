using System.Collections.Concurrent;
using MassTransit;

namespace Drover.Store.Tests.Contract;

/// <summary>What reached an endpoint, consumed or not: the place where a message that left too early shows.</summary>
public sealed class Arrivals : IReceiveObserver
{
    private static readonly string Counted = MessageUrn.ForTypeString<Counted>();
    private readonly ConcurrentQueue<string> bodies = new();
    private readonly ConcurrentQueue<Guid> faults = new();

    public void AddFault(Guid tally) => faults.Enqueue(tally);

    public bool HasFailed(Guid tally) => faults.Contains(tally);

    /// <summary>Whether a <see cref="Contract.Counted"/> of this tally has reached its endpoint.</summary>
    public bool Has(Guid tally) =>
        bodies.Any(body => body.Contains($"{tally}", StringComparison.Ordinal) && body.Contains($"\"{Counted}\"", StringComparison.Ordinal));

    public Task PreReceive(ReceiveContext context)
    {
        bodies.Enqueue(context.Body.GetString());
        return Task.CompletedTask;
    }

    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
}
