using Drover.Bus;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drover.Agent;

/// <summary>
/// Runs a host's agent while this process has the host's seat. Without the seat it takes no order. When nobody can tell who has it, the broker being away, it
/// goes on watching what moves, which no other agent can be told to do either; when another agent has it, this one does nothing at all.
/// </summary>
internal sealed class SeatedAgent(string host, TimeSpan reportEvery, Func<HostAgent> make, Seat seat, IBus bus, BusOptions options, TimeProvider time, ILogger<SeatedAgent> logger)
    : BackgroundService, IReadiness, ITurning
{
    /// <summary>
    /// Long enough for a link that fails for a moment: cut short, a stop may leave a consumer behind that reads no more, and to which the broker goes on giving the
    /// host's orders. An endpoint whose connection was lost while it began may never stop at all (MassTransit 8.5).
    /// </summary>
    private static readonly TimeSpan QueueStopsWithin = TimeSpan.FromSeconds(10);

    /// <summary>When the program ends its connections go with it, and consumers with them.</summary>
    private static readonly TimeSpan QueueStopsAtTheEndWithin = TimeSpan.FromSeconds(1);

    /// <summary>What was left behind must be gone from the broker by then: it drops a connection that says nothing for two heartbeats.</summary>
    private static readonly TimeSpan LeftBehindWithin = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan QueueStartsWithin = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(5);

    /// <summary>A queue without a reader in so many looks, one after the other, is not about to get one.</summary>
    private const int UnreadLooks = 2;

    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _fell = new();
    private RunningAgent? _running;
    private CancellationToken _ending;
    private bool _leftBehind;
    private bool _stuck;

    /// <inheritdoc />
    public TimeSpan SinceTurn => _running?.Agent.SinceTurn ?? TimeSpan.Zero;

    /// <summary>Two calls of a libvirt that does not answer and one of a broker, ten seconds each; and as long again.</summary>
    public TimeSpan TurnsWithin => reportEvery + TimeSpan.FromSeconds(60);

    /// <summary>Returns when it is known whether this agent works.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(_known.Task, ExecuteTask!).WaitAsync(cancellationToken);
    }

    /// <inheritdoc />
    public Task<string?> WhyNot(CancellationToken cancellationToken) => Task.FromResult(seat.WhyNot is { } seatless
        ? $"Not the agent of {host}: {seatless}."
        : _running?.Agent.HypervisorAway is { } away ? $"libvirt is away: {away}." : null);

    /// <inheritdoc />
    public override void Dispose()
    {
        _fell.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _fell.Token);
        _ending = over.Token;
        try
        {
            await seat.Run(Work, Wait, over.Token);
        }
        finally
        {
            await Leave();
        }

        if (_stuck)
            throw new InvalidOperationException($"The queue of {host} has a reader that this process cannot stop: it would be given the host's orders, and take none.");
    }

    private async Task Work(CancellationToken lost)
    {
        _running ??= new RunningAgent(make(), _fell);
        while (!lost.IsCancellationRequested && await NothingIsLeftBehind(lost))
        {
            var orders = DroverEndpoints.Connect(bus, options, endpoints => endpoints.Agent(host, () => _running.Agent));
            try
            {
                await orders.Ready.WaitAsync(QueueStartsWithin, time, lost);
                _known.TrySetResult();
                await UntilNobodyListens(lost);
                logger.QueueNotRead(host);
            }
            catch (TimeoutException)
            {
                logger.QueueNotRead(host);
            }
            finally
            {
                await StopTaking(orders);
            }
        }
    }

    /// <summary>The bus takes a queue up again by itself when its connection was lost, and now and then does not. The broker knows; it is asked.</summary>
    private async Task UntilNobodyListens(CancellationToken lost)
    {
        using var timer = new PeriodicTimer(AskEvery, time);
        for (var unread = 0; unread < UnreadLooks; unread = await seat.ConsumersOf(Queues.Host(host), lost) == 0 ? unread + 1 : 0)
            await timer.WaitForNextTickAsync(lost);
    }

    private async Task StopTaking(HostReceiveEndpointHandle orders)
    {
        using var patience = new CancellationTokenSource(QueueStopsWithin);
        await using var _ = _ending.Register(() => patience.CancelAfter(QueueStopsAtTheEndWithin));
        await orders.StopAsync(patience.Token).WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _leftBehind = patience.IsCancellationRequested;
    }

    /// <summary>After a stop that was not clean: whether the broker knows no reader of the queue any more. If it keeps one, only the end of this process rids it of it.</summary>
    private async Task<bool> NothingIsLeftBehind(CancellationToken lost)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        for (var since = time.GetTimestamp(); _leftBehind; await timer.WaitForNextTickAsync(lost))
        {
            if (await seat.ConsumersOf(Queues.Host(host), lost) == 0)
                break;
            if (time.GetElapsedTime(since) < LeftBehindWithin)
                continue;
            _stuck = true;
            await _fell.CancelAsync();
            return false;
        }

        _leftBehind = false;
        return true;
    }

    private async Task Wait(bool anotherHasIt)
    {
        _known.TrySetResult();
        if (anotherHasIt)
            await Leave();
    }

    private async Task Leave()
    {
        if (Interlocked.Exchange(ref _running, null) is { } running)
            await running.DisposeAsync();
    }

    /// <summary>An agent and its loops. Loops that fall end the program: half an agent must not look like a whole one.</summary>
    private sealed class RunningAgent : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _loops;

        public RunningAgent(HostAgent agent, CancellationTokenSource fell)
        {
            Agent = agent;
            _loops = Task.Run(() => Loops(fell));
        }

        public HostAgent Agent { get; }

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            try
            {
                await _loops;
            }
            finally
            {
                await Agent.DisposeAsync();
                _stopping.Dispose();
            }
        }

        private async Task Loops(CancellationTokenSource fell)
        {
            try
            {
                await Agent.Run(_stopping.Token);
            }
            catch
            {
                await fell.CancelAsync();
                throw;
            }
        }
    }
}
