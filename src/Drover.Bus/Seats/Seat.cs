using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Drover.Bus;

/// <summary>
/// A host has one seat, and the agent that has it works: of two agents for one host the second waits, and says for whom. The seat is an exclusive queue on a
/// connection of its own, so the broker knows when its holder is gone, however it went. It keeps two agents from working side by side; what keeps an agent
/// that was stopped for a minute from doing harm are the marks' epochs, which hypervisor and guest remember.
/// </summary>
public sealed class Seat(BusOptions options, string host, TimeProvider time, ILogger<Seat> logger)
{
    // A holder that vanishes without a word is noticed after two of these; one whose process ends, at once.
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WhileTaken = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);
    private readonly string _queue = Queues.Seat(host);
    private volatile string? _whyNot = "the seat has not been asked for yet";
    private TimeSpan _pause = FirstPause;
    private IConnection? _connection;

    /// <summary>Why this process does not have the seat, in a sentence; null while it has it.</summary>
    public string? WhyNot => _whyNot;

    /// <summary>Has the seat again and again until stopped; never throws of a broker that is away, only of what it was given.</summary>
    /// <param name="had">What is done with it. Its token is cancelled when the seat is lost, and it should end soon then; the seat is let go when it has ended.</param>
    /// <param name="kept">Told each time that the seat cannot be had: true when another has it, false when nobody can tell.</param>
    /// <param name="stopping">Ends it.</param>
    public async Task Run(Func<CancellationToken, Task> had, Func<bool, Task> kept, CancellationToken stopping)
    {
        ArgumentNullException.ThrowIfNull(had);
        ArgumentNullException.ThrowIfNull(kept);
        while (!stopping.IsCancellationRequested)
        {
            if (await Connect(kept, stopping) is { } connection)
                await Sit(connection, had, kept, stopping);
            await Pause(_pause, stopping);
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        }
    }

    /// <summary>How many consumers a queue has, asked over the seat's own connection; only while the seat is had.</summary>
    /// <exception cref="InvalidOperationException">The seat is not had.</exception>
    public async Task<uint> ConsumersOf(string queue, CancellationToken cancellationToken)
    {
        var connection = _connection ?? throw new InvalidOperationException("The seat is not had: there is no connection to ask over.");
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        return (await channel.QueueDeclarePassiveAsync(queue, cancellationToken)).ConsumerCount;
    }

    private async Task<IConnection?> Connect(Func<bool, Task> kept, CancellationToken stopping)
    {
        var broker = BrokerConnection.Factory(options, $"drover seat of {host}", ConnectWithin);
        broker.RequestedHeartbeat = Heartbeat;
        try
        {
            return await broker.CreateConnectionAsync(stopping);
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            await Without($"the broker is away: {error.GetBaseException().Message}", byAnother: false, kept);
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    private async Task Sit(IConnection connection, Func<CancellationToken, Task> had, Func<bool, Task> kept, CancellationToken stopping)
    {
        using var lost = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        connection.ConnectionShutdownAsync += Lost;
        try
        {
            await TakeWhenFree(connection, lost, kept);
            _pause = FirstPause;
            _whyNot = null;
            _connection = connection;
            Log.SeatTaken(logger, host);
            await had(lost.Token);
        }
        catch (Exception) when (lost.IsCancellationRequested)
        {
            // However it ended, it ended because it had to.
        }
        catch (Exception error) when (error is RabbitMQClientException or OperationInterruptedException or TimeoutException)
        {
            await Without($"the broker does not give it: {error.Message}", byAnother: false, kept);
        }
        finally
        {
            _connection = null;
            connection.ConnectionShutdownAsync -= Lost;
            await Close(connection);
        }

        if (!stopping.IsCancellationRequested)
            await Without("the connection to the broker that held it is lost", byAnother: false, kept);

        Task Lost(object sender, RabbitMQ.Client.Events.ShutdownEventArgs why) => lost.CancelAsync();
    }

    private async Task TakeWhenFree(IConnection connection, CancellationTokenSource lost, Func<bool, Task> kept)
    {
        while (true)
        {
            var channel = await connection.CreateChannelAsync(cancellationToken: lost.Token);
            try
            {
                await channel.QueueDeclareAsync(_queue, durable: false, exclusive: true, autoDelete: false, cancellationToken: lost.Token);
                await SeatHolder.Answer(channel, _queue, lost);
                return;
            }
            catch (OperationInterruptedException refused) when (refused.ShutdownReason?.ReplyCode == Constants.ResourceLocked)
            {
                await channel.DisposeAsync();
                await Without($"{await SeatHolder.Ask(connection, _queue, time, lost.Token)} has it, and a host has one agent", byAnother: true, kept);
            }
            await Pause(WhileTaken, lost.Token);
        }
    }

    private async Task Without(string why, bool byAnother, Func<bool, Task> kept)
    {
        if (why != _whyNot)
            Log.NoSeat(logger, host, why);
        _whyNot = why;
        await kept(byAnother);
    }

    /// <summary>The last part of a second or ten, at random: the agents of many hosts should not come at once after a broker's return.</summary>
    private async Task Pause(TimeSpan longest, CancellationToken stopping) =>
        await Task.Delay(longest * (0.5 + (Random.Shared.NextDouble() / 2)), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static async Task Close(IConnection connection)
    {
        using var patience = new CancellationTokenSource(CloseWithin);
        await connection.CloseAsync(Constants.ReplySuccess, "the agent lets its seat go", CloseWithin, abort: true, patience.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync();
    }
}
