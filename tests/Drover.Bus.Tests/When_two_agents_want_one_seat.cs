using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;

namespace Drover.Bus.Tests;

public class When_two_agents_want_one_seat(Broker broker) : IClassFixture<Broker>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_has_it_the_second_says_who_does_and_has_it_soon_after_the_first_lets_go()
    {
        await using var first = new Sitter(broker.Options, "host-a");
        await first.Sits();
        await using var second = new Sitter(broker.Options, "host-a");
        Assert.True(await second.IsKept());
        Assert.Contains($"process {Environment.ProcessId} on {Environment.MachineName}", second.Seat.WhyNot, StringComparison.Ordinal);
        Assert.Equal(0, second.Tenures);

        var since = Stopwatch.StartNew();
        await first.DisposeAsync();
        await second.Sits();
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        Assert.Null(second.Seat.WhyNot);
    }

    [Fact]
    public async Task Another_hosts_seat_is_another_seat()
    {
        await using var one = new Sitter(broker.Options, "host-b");
        await using var other = new Sitter(broker.Options, "host-c");
        await one.Sits();
        await other.Sits();
    }

    [Fact]
    public async Task A_seat_whose_connection_is_cut_is_lost_at_once_and_had_again()
    {
        await using var sitter = new Sitter(broker.Options, "host-d");
        await sitter.Sits();
        await broker.CutConnections("drover seat of host-d");
        Assert.False(await sitter.IsKept());
        await sitter.Sits();
        Assert.Equal(2, sitter.Tenures);
    }

    [Fact]
    public async Task A_seat_that_an_operator_takes_away_by_deleting_its_queue_is_lost_too()
    {
        await using var sitter = new Sitter(broker.Options, "host-e");
        await sitter.Sits();
        await broker.DeleteQueue("drover.v1.seat.host-e");
        Assert.False(await sitter.IsKept());
        await sitter.Sits();
    }

    [Fact]
    public async Task Without_a_broker_nobody_has_it_and_the_reason_is_said()
    {
        await using var sitter = new Sitter(new BusOptions { Url = new Uri("amqp://guest:guest@127.0.0.1:1/") }, "host-a");
        Assert.False(await sitter.IsKept());
        Assert.Contains("the broker is away: Connection refused", sitter.Seat.WhyNot, StringComparison.Ordinal);
        Assert.Equal(0, sitter.Tenures);
    }

    /// <summary>Has a seat, and does nothing with it.</summary>
    private sealed class Sitter : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Channel<bool> _sits = Channel.CreateUnbounded<bool>();
        private readonly Channel<bool> _kept = Channel.CreateUnbounded<bool>();
        private readonly Task _run;

        public Sitter(BusOptions options, string host)
        {
            Seat = new Seat(options, host, TimeProvider.System, NullLogger<Seat>.Instance);
            _run = Seat.Run(
                async lost =>
                {
                    Tenures++;
                    await _sits.Writer.WriteAsync(true, Cancelled);
                    await Task.Delay(Timeout.Infinite, lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                },
                async byAnother => await _kept.Writer.WriteAsync(byAnother, Cancelled),
                _stop.Token);
        }

        public Seat Seat { get; }

        public int Tenures { get; private set; }

        public Task Sits() => _sits.Reader.Next();

        public Task<bool> IsKept() => _kept.Reader.Next();

        public async ValueTask DisposeAsync()
        {
            if (_stop.IsCancellationRequested)
                return;
            await _stop.CancelAsync();
            await _run;
        }
    }
}
