using System.Collections.Concurrent;
using MassTransit;

namespace Drover.Store.Tests.Contract;

/// <summary>What goes wrong, and when; by tally, so that tests do not disturb each other.</summary>
public sealed class Sabotage : ISendObserver
{
    private readonly ConcurrentDictionary<Guid, Func<Task>> beforeCommit = new();
    private readonly ConcurrentDictionary<Guid, int> failingSends = new();

    /// <summary>Runs inside of the saga's transaction, after it has published.</summary>
    public void BeforeCommit(Guid tally, Func<Task> deed) => beforeCommit[tally] = deed;

    /// <summary>Lets the first sends of messages of this conversation fail, as if the broker were away.</summary>
    public int FailSends(Guid conversation, int times) => failingSends[conversation] = times;

    public int SendsLeftToFail(Guid conversation) => failingSends.GetValueOrDefault(conversation, int.MaxValue);

    public Task Strike(Guid tally) => beforeCommit.TryGetValue(tally, out var deed) ? deed() : Task.CompletedTask;

    public Task PreSend<T>(SendContext<T> context)
        where T : class
    {
        if (context.ConversationId is { } conversation && failingSends.TryGetValue(conversation, out var left) && left > 0)
        {
            failingSends[conversation] = left - 1;
            throw new InvalidOperationException("sabotage: the broker is away");
        }

        return Task.CompletedTask;
    }

    public Task PostSend<T>(SendContext<T> context)
        where T : class => Task.CompletedTask;

    public Task SendFault<T>(SendContext<T> context, Exception exception)
        where T : class => Task.CompletedTask;
}
