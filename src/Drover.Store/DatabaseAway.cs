using System.Data.Common;
using System.Net.Sockets;
using MassTransit;

namespace Drover.Store;

/// <summary>Tells a database that is not there now from a statement that will never do.</summary>
public static class DatabaseAway
{
    /// <summary>True when trying again later, unchanged, is right: the server is away, restarting, or not answering in time.</summary>
    public static bool Is(Exception? error) => error switch
    {
        null => false,
        DbException { IsTransient: true } or SocketException or TimeoutException => true,
        AggregateException all => all.InnerExceptions.Any(Is),
        _ => Is(error.InnerException),
    };

    // A day of tries; MassTransit keeps them as a list. What the broker takes back before begins anew.
    private const int Tries = 12_000;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>
    /// While the database is away nothing is decided and nothing is given up: a message waits, in its queue or in the consumer's hands, for as long as it takes.
    /// The broker takes it back after its own consumer time-out, and gives it again. Put it before the outbox: each try is a transaction of its own.
    /// </summary>
    public static void WaitWhileDatabaseIsAway(this IReceiveEndpointConfigurator endpoint) => endpoint.UseMessageRetry(retry =>
    {
        retry.Handle<Exception>(Is);
        retry.Intervals([.. Enumerable.Range(0, Tries).Select(Pause)]);
    });

    // 1 s, 2 s, 4 s ... 10 s, each shortened by up to a half at random: a coordinator has a hundred messages in its hands, and there may be several.
    private static TimeSpan Pause(int tries) =>
        TimeSpan.FromSeconds(Math.Min(LongestPause.TotalSeconds, Math.Pow(2, Math.Min(tries, 10))) * (1 - (Random.Shared.NextDouble() / 2)));
}
