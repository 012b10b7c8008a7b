using Drover.Bus;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Drover.Agent;

/// <summary>Sends what no consumer is there to answer: it outlives a broker that is away.</summary>
internal sealed class Courier(ISendEndpointProvider send, IPublishEndpoint publish, IdSource ids, TimeProvider time, ILogger<Courier> logger)
{
    /// <summary>Longest that one try may take; the broker's client waits for a lost connection without end.</summary>
    private static readonly TimeSpan TryFor = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>An id for what is told, or for who tells it.</summary>
    public Guid NewId() => ids.Next(time.GetUtcNow());

    /// <summary>Tells the migrations' queue, again and again until it is told or the agent stops.</summary>
    public async Task Tell<T>(T message, CancellationToken stopping) where T : class
    {
        for (var pause = FirstPause; !await TryTell(Queues.Migrations, message, stopping); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
            await Task.Delay(pause, time, stopping);
    }

    /// <summary>Tells a queue once; false when it could not be told.</summary>
    public Task<bool> TryTell<T>(string queue, T message, CancellationToken stopping) where T : class =>
        Try(typeof(T).Name, token => send.SendTo(queue, message, token), stopping);

    /// <summary>Publishes an event once; false when it could not be published.</summary>
    public Task<bool> TryPublish<T>(T evt, CancellationToken stopping) where T : class =>
        Try(typeof(T).Name, token => publish.Publish(Wire.Event(evt), token), stopping);

    private async Task<bool> Try(string what, Func<CancellationToken, Task> tell, CancellationToken stopping)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        patience.CancelAfter(TryFor);       // the wall clock: it bounds the network, not the agent's rhythm
        try
        {
            await tell(patience.Token);
            return true;
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            logger.NotSent(what, error.Message);
            return false;
        }
    }
}
