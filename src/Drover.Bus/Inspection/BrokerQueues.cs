using Drover.Contracts;
using Drover.Contracts.Views;
using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Drover.Bus;

/// <summary>
/// Drover's queues on the broker, as an operator sees them, over AMQP alone: RabbitMQ's management plugin is not needed. What a queue could not handle is in
/// its error queue (<c>NAME_error</c>; what it has no consumer for, in <c>NAME_skipped</c>), put there by MassTransit with the reason in its headers. One call at
/// a time: while messages are looked at nobody else sees them.
/// </summary>
public sealed class BrokerQueues(BusOptions options) : IDisposable
{
    /// <summary>The most messages that one call shows, sends again or drops.</summary>
    public const int MostAtOnce = 1000;

    /// <summary>How far a search for ids goes into an error queue: as far as an operator may be thought to have looked.</summary>
    private const int MostToSearch = 10_000;
    private const int ChannelsForLooking = 4;
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(5);
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>The queues that there are, by name, with those of the hosts given. A queue that nobody has made yet is left out.</summary>
    /// <exception cref="BrokerAwayException">The broker cannot be asked.</exception>
    public Task<IReadOnlyList<QueueView>> List(IEnumerable<string> hosts, CancellationToken cancellationToken) => OnConnection(async connection =>
    {
        var names = Queues.Lasting.Concat(RoutingKeys.Commands.Values.Select(Queues.Command)).Concat(hosts.Select(Queues.Host)).Distinct().Order(StringComparer.Ordinal);
        var looks = names.Chunk(64).Select(part => part.ToList()).ToList();
        var found = new QueueView?[looks.Count][];
        await Parallel.ForAsync(0, looks.Count, new ParallelOptions { MaxDegreeOfParallelism = ChannelsForLooking, CancellationToken = cancellationToken }, async (i, token) =>
        {
            await using var look = new QueueLook(connection);
            found[i] = new QueueView?[looks[i].Count];
            for (var n = 0; n < looks[i].Count; n++)
                found[i][n] = await WithOldest(look, await look.At(looks[i][n], token), token);
        });
        return (IReadOnlyList<QueueView>)[.. found.SelectMany(part => part).OfType<QueueView>()];
    }, cancellationToken);

    /// <summary>One queue and the messages of it that failed, oldest first; null when there is no such queue.</summary>
    /// <exception cref="BrokerAwayException">The broker cannot be asked.</exception>
    public Task<QueueDetail?> Show(string queue, int limit, CancellationToken cancellationToken) => OnConnection(async connection =>
    {
        await using var look = new QueueLook(connection);
        if (await look.At(queue, cancellationToken) is not { } view)
            return null;
        var failed = await look.Failed(queue, limit, cancellationToken);
        return new QueueDetail { Queue = view with { OldestFailureAt = failed.Min(message => message.FailedAt) }, Failed = failed };
    }, cancellationToken);

    /// <summary>Puts failed messages back where they failed, as they were; each leaves the error queue when the broker has confirmed its copy.</summary>
    /// <param name="queue">The queue that they failed in.</param>
    /// <param name="ids">Which; null for all, oldest first, up to <see cref="MostAtOnce"/>. One that is not there is passed over.</param>
    /// <param name="cancellationToken">Ends it; what is done by then is done.</param>
    /// <returns>How many there were and how many are left; null when there is no such queue.</returns>
    /// <exception cref="BrokerAwayException">The broker cannot be asked.</exception>
    public Task<FailedMessagesActed?> Retry(string queue, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken) =>
        Act(queue, ids, (visit, letter) => visit.SendAgain(letter, queue, cancellationToken), cancellationToken);

    /// <summary>Throws failed messages away: what they said is lost.</summary>
    /// <param name="queue">The queue that they failed in.</param>
    /// <param name="ids">Which; null for all, oldest first, up to <see cref="MostAtOnce"/>. One that is not there is passed over.</param>
    /// <param name="cancellationToken">Ends it; what is done by then is done.</param>
    /// <returns>How many there were and how many are left; null when there is no such queue.</returns>
    /// <exception cref="BrokerAwayException">The broker cannot be asked.</exception>
    public Task<FailedMessagesActed?> Drop(string queue, IReadOnlyCollection<string>? ids, CancellationToken cancellationToken) =>
        Act(queue, ids, (_, _) => Task.CompletedTask, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    private Task<FailedMessagesActed?> Act(
        string queue, IReadOnlyCollection<string>? ids, Func<FailedLetters, FailedLetter, Task> act, CancellationToken cancellationToken) => OnConnection(async connection =>
    {
        await using var look = new QueueLook(connection);
        if (await look.At(queue, cancellationToken) is not { } before)
            return null;
        var done = 0;
        foreach (var letters in FailedLetters.QueuesOf(queue))
        {
            if (await FailedLetters.Open(connection, look, letters, ids is null ? MostAtOnce - done : MostToSearch, cancellationToken) is not { } visit)
                continue;
            await using (visit)
            {
                while (await visit.Next(cancellationToken) is { } letter)
                {
                    if (ids is not null && !ids.Contains(letter.Id))
                        continue;
                    await act(visit, letter);
                    await visit.Remove(letter, cancellationToken);
                    done++;
                }
            }
        }
        return new FailedMessagesActed { Queue = queue, Messages = done, Left = Math.Max(0, before.Failed - done) };
    }, cancellationToken);

    private static async Task<QueueView?> WithOldest(QueueLook look, QueueView? view, CancellationToken cancellationToken) => view is { Failed: > 0 }
        ? view with { OldestFailureAt = (await look.Failed(view.Queue, 1, cancellationToken)) is [var oldest, ..] ? oldest.FailedAt : null }
        : view;

    private async Task<T> OnConnection<T>(Func<IConnection, Task<T>> ask, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var broker = BrokerConnection.Factory(options, "drover queues", AnswersWithin);
            await using var connection = await broker.CreateConnectionAsync(cancellationToken);
            return await ask(connection);
        }
        catch (Exception error) when (error is RabbitMQClientException or TimeoutException or IOException)
        {
            throw new BrokerAwayException(error);
        }
        finally
        {
            _turn.Release();
        }
    }
}
