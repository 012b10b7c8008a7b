using Drover.Hypervisors.Simulated;
using Drover.Policy.Model;
using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated;

public sealed class When_a_guest_moves
{
    /// <summary>QEMU itself takes 1.045 times the memory's bits over the link's: the wire's overhead.</summary>
    [Fact]
    public async Task An_idle_one_takes_its_memory_over_the_link()
    {
        await using var site = new Site();
        var end = await site.Over(site.Move());
        Assert.True(end.Success);
        var floor = 512.0 * MiB / Speed;
        Assert.InRange(end.Totals!.Elapsed.TotalSeconds, floor * 1.04, (floor * 1.05) + 0.5);
        Assert.InRange(end.Totals.TransferredBytes, 512 * MiB, 512 * MiB);
        Assert.Equal(3, end.Totals.Passes);
    }

    /// <summary>An idle guest spends whatever pause it is given.</summary>
    [Fact]
    public async Task The_pause_is_within_the_downtime_limit_and_near_it()
    {
        await using var site = new Site();
        var wide = await site.Over(site.Move());
        Assert.InRange(wide.Totals!.Downtime!.Value.TotalMilliseconds, 200, 320);

        await site.B.SetDowntimeLimitAsync(Web, TimeSpan.FromMilliseconds(50), Test);
        var narrow = await site.Over(site.Move("host-a", from: site.B));
        // The limit says nothing of what QEMU has written already: 47 ms of this link.
        Assert.InRange(narrow.Totals!.Downtime!.Value.TotalMilliseconds, 47, 120);
    }

    [Fact]
    public async Task Afterwards_it_runs_there_and_its_source_knows_nothing_of_it()
    {
        await using var site = new Site();
        await site.Over(site.Move());
        Assert.Null(await site.A.FindGuestAsync(Web, Test));
        var guest = await site.B.FindGuestAsync(Web, Test);
        Assert.Equal((GuestPower.Running, PowerReason.Migrated, GuestJob.None), (guest!.State.Power, guest.State.Reason, guest.State.Job));
        Assert.True(guest.Persistent);
        Assert.Null(await site.B.SampleAsync(Web, Test));
    }

    [Fact]
    public async Task A_definition_that_does_not_move_stays_where_it_was()
    {
        await using var site = new Site();
        await site.Over(site.Move(persistent: false));
        Assert.Equal(GuestPower.ShutOff, (await site.A.FindGuestAsync(Web, Test))!.State.Power);
        Assert.False((await site.B.FindGuestAsync(Web, Test))!.Persistent);
    }

    [Fact]
    public async Task It_never_runs_on_two_hosts_and_stands_still_only_for_the_pause()
    {
        await using var site = new Site(Plan(Guest(hot: 64 * MiB, dirty: 20 * MiB)));
        var moving = site.Move();
        var still = 0;
        site.PassUntil(() =>
        {
            var runs = site.HostsThatRun();
            Assert.InRange(runs, 0, 1);
            still += runs == 0 ? 1 : 0;
            return moving.IsCompleted;
        });
        Assert.InRange(still, (await moving).Totals!.Downtime!.Value.TotalMilliseconds - 2, (await moving).Totals!.Downtime!.Value.TotalMilliseconds + 2);
    }

    [Fact]
    public async Task Both_sides_have_its_job_until_it_is_over()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.Pass(2);
        Assert.Equal(GuestJob.MigrationOut, (await site.A.FindGuestAsync(Web, Test))!.State.Job);
        var arriving = (await site.B.FindGuestAsync(Web, Test))!.State;
        Assert.Equal((GuestPower.Paused, PowerReason.Migration, GuestJob.MigrationIn), (arriving.Power, arriving.Reason, arriving.Job));
        Assert.Null(await site.B.SampleAsync(Web, Test));

        site.PassUntilStage("letting-go");
        Assert.Equal(GuestPower.Running, site.On("host-b")!.State.Power);
        Assert.Equal((GuestPower.Paused, PowerReason.Migration, GuestJob.MigrationOut), (site.On("host-a")!.State.Power, site.On("host-a")!.State.Reason, site.On("host-a")!.State.Job));
        Assert.False(moving.IsCompleted);
        await site.Over(moving);
    }

    [Fact]
    public async Task Its_memory_is_the_hosts_from_the_beginning_to_the_end()
    {
        await using var site = new Site();
        var moving = site.Move();
        Assert.Equal(7680 * MiB, (await site.A.DescribeHostAsync(Test)).FreeMemoryBytes);
        Assert.Equal(7680 * MiB, (await site.B.DescribeHostAsync(Test)).FreeMemoryBytes);
        await site.Over(moving);
        Assert.Equal(8192 * MiB, (await site.A.DescribeHostAsync(Test)).FreeMemoryBytes);
    }

    [Fact]
    public async Task Whoever_stops_waiting_stops_nothing()
    {
        await using var site = new Site();
        using var impatient = new CancellationTokenSource();
        var call = site.A.TransferAsync(To("host-b"), impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        site.PassUntil(() => site.Transfer() is null);
        Assert.Equal(GuestPower.Running, (await site.B.FindGuestAsync(Web, Test))!.State.Power);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_does_not_hold_it_up()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.Pass(3);
        var sent = site.Transfer()!.SentBytes;
        site.Time.AdjustTime(site.Time.GetUtcNow() - TimeSpan.FromHours(1));
        Assert.Equal(sent, site.Transfer()!.SentBytes);
        Assert.True((await site.Over(moving, 10)).Success);
    }

    /// <summary>As after a laptop's lid was shut: more than a day's passes are not computed.</summary>
    [Fact]
    public async Task A_clock_that_jumps_a_year_ahead_costs_a_day()
    {
        await using var site = new Site(Plan(Guest(hot: 256 * MiB, dirty: 500 * MiB)));
        _ = site.Move();
        site.Time.AdjustTime(site.Time.GetUtcNow() + TimeSpan.FromDays(365));
        Assert.InRange(site.Transfer()!.Pass, 10_000, 100_000);
    }

    [Fact]
    public async Task On_a_real_clock_it_moves_by_itself()
    {
        await using var world = SimulatedWorld.Open(Plan(Guest(memory: MiB)), null, TimeProvider.System);
        var end = await world.Hypervisor("host-a").TransferAsync(To("host-b"), Test).WaitAsync(TimeSpan.FromSeconds(60), Test);
        Assert.True(end.Success);
    }

    [Fact]
    public async Task While_nothing_moves_no_timer_ticks()
    {
        var plan = Plan(Guest());
        var time = new CountingTime();
        await using var world = SimulatedWorld.Open(plan, null, time);
        world.Look();
        Assert.Equal(0, time.Armed);
    }

    private sealed class CountingTime : TimeProvider
    {
        public int Armed { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Idle(this);

        private sealed class Idle(CountingTime time) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                time.Armed += dueTime == Timeout.InfiniteTimeSpan ? 0 : 1;
                return true;
            }

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
