using Drover.Bus;
using MassTransit;
using Microsoft.Extensions.Hosting;

namespace Drover.Agent;

/// <summary>
/// Runs a host's agent while this process has the host's seat. Without the seat it takes no order. When nobody can tell who has it, the broker being away, it
/// goes on watching what moves, which no other agent can be told to do either; when another agent has it, this one does nothing at all.
/// </summary>
internal sealed class SeatedAgent(string host, TimeSpan reportEvery, Func<HostAgent> make, Seat seat, IBus bus, BusOptions options)
    : BackgroundService, IReadiness, ITurning
{
    private static readonly TimeSpan QueueStopsWithin = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource _known = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _fell = new();
    private RunningAgent? _running;

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
        try
        {
            await seat.Run(Work, Wait, over.Token);
        }
        finally
        {
            await Leave();
        }
    }

    private async Task Work(CancellationToken lost)
    {
        _running ??= new RunningAgent(make(), _fell);
        var orders = DroverEndpoints.Connect(bus, options, endpoints => endpoints.Agent(host, () => _running.Agent));
        try
        {
            await orders.Ready.WaitAsync(lost);
            _known.TrySetResult();
            await Task.Delay(Timeout.Infinite, lost);
        }
        finally
        {
            using var patience = new CancellationTokenSource(QueueStopsWithin);
            await orders.StopAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
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
