using Drover.Hypervisors.Simulated;
using Drover.Policy.Model;
using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated;

public sealed class When_a_guest_is_busy
{
    /// <summary>Bytes of memory per second on the link.</summary>
    private const double Rate = Speed / 1.045;

    [Fact]
    public async Task It_converges_where_it_dirties_less_than_the_link_carries()
    {
        await using var site = new Site(Plan(Guest(hot: 256 * MiB, dirty: (long)(Rate / 2))));
        var end = await site.Over(site.Move());
        Assert.True(end.Success);
        Assert.InRange(end.Totals!.Passes, 4, 12);
        // V / (1 - rho) bounds what is sent.
        Assert.InRange(end.Totals.TransferredBytes, 512 * MiB, 1024 * MiB);
    }

    /// <summary>What is left at a boundary comes near the hot set, and never below what fits the pause: it would go on for ever.</summary>
    [Fact]
    public async Task It_never_converges_where_it_dirties_more()
    {
        await using var site = new Site(Plan(Guest(hot: 256 * MiB, dirty: (long)(Rate * 3))));
        var moving = site.Move();
        site.Pass(600);
        Assert.False(moving.IsCompleted);
        var sample = (await site.A.SampleAsync(Web, Test))!.Value;
        Assert.InRange(sample.Iteration, 60, 200);
        Assert.Equal(TransferPhase.PreCopy, sample.Phase);
        // The dirty rate tends to what the link carries: unique pages in a pass are the hot set, and a pass takes hot set over rate.
        Assert.InRange(sample.DirtyBytesPerSecond / Rate, 0.9, 1.1);
        Assert.InRange(sample.ExpectedDowntime.TotalSeconds, 0.85 * 256 * MiB / Rate, 256 * MiB / Rate);
    }

    /// <summary>Random writes hit pages that are dirty already: 48 MiB/s for 5.3 s in 256 MiB dirty 162 MiB of them, not all.</summary>
    [Fact]
    public async Task Its_dirty_pages_approach_the_hot_set_and_are_counted_once()
    {
        await using var site = new Site(Plan(Guest(memory: 256 * MiB, hot: 256 * MiB, dirty: 48 * MiB)));
        _ = site.Move(cap: 48 * MiB);
        site.PassUntil(() => site.Transfer()!.Pass == 2);
        Assert.InRange(site.Transfer()!.RemainingBytes, 155 * MiB, 175 * MiB);
    }

    [Fact]
    public async Task A_longer_pause_ends_it_at_once()
    {
        await using var site = new Site(Plan(Guest(hot: 64 * MiB, dirty: (long)(Rate * 3))));
        var moving = site.Move();
        site.Pass(60);
        Assert.False(moving.IsCompleted);
        await site.A.SetDowntimeLimitAsync(Web, TimeSpan.FromMilliseconds(1500), Test);
        var end = await site.Over(moving, 5);
        Assert.InRange(end.Totals!.Downtime!.Value.TotalMilliseconds, 300, 1550);
    }

    [Fact]
    public async Task The_limit_stays_in_that_QEMU_and_the_next_begins_with_300_ms()
    {
        await using var site = new Site();
        await site.A.SetDowntimeLimitAsync(Web, TimeSpan.FromMilliseconds(2500), Test);
        var moving = site.Move();
        Assert.Equal(2500, (await site.A.GetDowntimeLimitAsync(Web, Test)).TotalMilliseconds);
        await site.Over(moving);
        Assert.Equal(300, (await site.B.GetDowntimeLimitAsync(Web, Test)).TotalMilliseconds);
    }

    [Fact]
    public async Task A_user_s_pause_ends_it_and_the_guest_runs_at_its_destination()
    {
        await using var site = new Site(Plan(Guest(hot: 256 * MiB, dirty: (long)(Rate * 3))));
        var moving = site.Move();
        site.Pass(60);
        site.World.Pause(Web);
        Assert.True((await site.Over(moving)).Success);
        Assert.Equal(GuestPower.Running, site.On("host-b")!.State.Power);
    }

    [Fact]
    public async Task Throttled_it_converges_step_by_step()
    {
        await using var site = new Site(Plan(Guest(hot: 256 * MiB, dirty: (long)(Rate * 1.5))));
        site.World.AllowThrottle(Web, true);
        var moving = site.Move();
        var steps = new List<int>();
        site.PassUntil(() =>
        {
            if (site.Transfer() is { ThrottlePercent: var now } && steps.LastOrDefault() != now)
                steps.Add(now);
            return moving.IsCompleted;
        }, 300);
        Assert.True((await moving).Success);
        Assert.Equal(20, steps[0]);
        Assert.All(steps.Zip(steps.Skip(1)), pair => Assert.Equal(pair.First + 10, pair.Second));
        Assert.InRange(steps[^1], 30, 90);
    }

    [Fact]
    public async Task Without_leave_nobody_throttles_it()
    {
        await using var site = new Site(Plan(Guest(hot: 256 * MiB, dirty: (long)(Rate * 1.5))));
        _ = site.Move();
        site.World.AllowThrottle(Web, true);    // too late: it is for transfers that begin
        site.Pass(120);
        Assert.Equal(0, site.Transfer()!.ThrottlePercent);
    }

    [Fact]
    public async Task Its_work_can_change_on_the_way()
    {
        await using var site = new Site(Plan(Guest(hot: 256 * MiB, dirty: (long)(Rate * 3))));
        var moving = site.Move();
        site.Pass(60);
        site.World.SetLoad(Web, 256 * MiB, 0);
        Assert.True((await site.Over(moving, 15)).Success);
    }

    [Fact]
    public async Task Passes_are_counted_and_told_one_by_one()
    {
        await using var site = new Site(Plan(Guest(hot: 128 * MiB, dirty: (long)(Rate / 2))));
        var heard = new List<HypervisorEvent>();
        var listening = Listen(site, heard);
        var end = await site.Over(site.Move());
        Assert.Equal(Enumerable.Range(1, (int)end.Totals!.Passes), heard.OfType<HypervisorEvent.PassBegan>().Select(pass => pass.Iteration));
        Assert.Equal(end.Totals, Assert.Single(heard.OfType<HypervisorEvent.JobCompleted>()).Totals);
        await site.A.DisposeAsync();
        await listening;
    }

    private static async Task Listen(Site site, List<HypervisorEvent> heard)
    {
        await foreach (var what in site.A.WatchAsync(Test))
            heard.Add(what);
    }
}
