using Drover.Policy.Model;
using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated;

/// <summary>Post-copy.</summary>
public sealed class When_a_guest_goes_first
{
    private static async Task<(Site Site, Task<TransferEnd> Moving)> InPostCopy(bool waitUntilItRuns = true)
    {
        var site = new Site(Plan(Guest(hot: 256 * MiB, dirty: 500 * MiB)));
        await site.A.WriteMarkAsync(Web, AMark(), Test);
        var moving = site.Move();
        site.Pass(20);
        Assert.True(site.World.StartPostCopy(Web));
        if (waitUntilItRuns)
            site.PassUntilStage("post-copy");
        return (site, moving);
    }

    [Fact]
    public async Task It_stands_still_for_a_moment_and_ends_in_bounded_time()
    {
        var (site, moving) = await InPostCopy();
        await using var _ = site;
        var end = await site.Over(moving, 10);
        Assert.True(end.Success);
        // 30 ms, and what waits in the source's socket goes before the guest.
        Assert.InRange(end.Totals!.Downtime!.Value.TotalMilliseconds, 30, 80);
        var guest = (await site.B.FindGuestAsync(Web, Test))!.State;
        Assert.Equal((GuestPower.Running, PowerReason.Migrated, GuestJob.None, AMark()), (guest.Power, guest.Reason, guest.Job, guest.Mark));
        Assert.Null(await site.A.FindGuestAsync(Web, Test));
    }

    [Fact]
    public async Task Both_sides_say_so_and_it_cannot_be_aborted()
    {
        var (site, _) = await InPostCopy();
        await using var __ = site;
        var source = (await site.A.FindGuestAsync(Web, Test))!.State;
        var destination = (await site.B.FindGuestAsync(Web, Test))!.State;
        Assert.Equal((GuestPower.Paused, PowerReason.PostCopy, GuestJob.MigrationOut), (source.Power, source.Reason, source.Job));
        Assert.Equal((GuestPower.Running, PowerReason.PostCopy, GuestJob.MigrationIn), (destination.Power, destination.Reason, destination.Job));
        Assert.Equal(TransferPhase.PostCopy, (await site.A.SampleAsync(Web, Test))!.Value.Phase);
        Assert.Equal(HypervisorFailure.Failed, (await Assert.ThrowsAsync<HypervisorException>(() => site.A.AbortAsync(Web, Test))).Kind);
    }

    [Fact]
    public async Task It_ignores_the_cap()
    {
        await using var site = new Site(Plan(Guest(hot: 256 * MiB, dirty: 500 * MiB)));
        _ = site.Move(cap: 20 * MiB);
        site.Pass(10);
        Assert.Equal(20 * MiB, site.Transfer()!.BytesPerSecond);
        site.World.StartPostCopy(Web);
        site.Pass(1);
        Assert.InRange(site.Transfer()!.BytesPerSecond, (long)(Speed / 1.05), Speed);
    }

    [Fact]
    public async Task A_cut_splits_it_and_it_can_be_resumed()
    {
        var (site, moving) = await InPostCopy();
        await using var _ = site;
        site.Pass(1);
        site.World.CutLink("link-a");
        Assert.False((await moving).Success);
        site.Pass(600);
        Assert.Equal((GuestPower.Paused, PowerReason.PostCopyFailed, GuestJob.MigrationOut), (site.On("host-a")!.State.Power, site.On("host-a")!.State.Reason, site.On("host-a")!.State.Job));
        Assert.Equal(PowerReason.PostCopyFailed, site.On("host-b")!.State.Reason);
        Assert.False(site.World.ResumePostCopy(Web));
        site.World.MendLink("link-a");
        Assert.True(site.World.ResumePostCopy(Web));
        site.PassUntil(() => site.Transfer() is null);
        Assert.Equal((GuestPower.Running, PowerReason.Migrated), (site.On("host-b")!.State.Power, site.On("host-b")!.State.Reason));
        Assert.Null(site.On("host-a"));
    }

    [Theory]
    [InlineData("host-a")]
    [InlineData("host-b")]
    public async Task It_goes_on_without_a_daemon_and_ends_when_it_is_back(string host)
    {
        var (site, moving) = await InPostCopy();
        await using var _ = site;
        site.World.StopDaemon(host);
        Assert.False((await moving).Success);
        site.Pass(60);
        Assert.Equal("post-copy", site.Transfer()!.Stage);
        Assert.Equal(0, site.Transfer()!.RemainingBytes);
        site.World.StartDaemon(host);
        Assert.Equal(GuestJob.MigrationOut, (await site.A.FindGuestAsync(Web, Test))!.State.Job);
        site.PassUntil(() => site.Transfer() is null);
        Assert.Equal(PowerReason.Migrated, (await site.B.FindGuestAsync(Web, Test))!.State.Reason);
        Assert.Null(await site.A.FindGuestAsync(Web, Test));
    }

    [Theory]
    [InlineData("host-a", "host-b")]
    [InlineData("host-b", "host-a")]
    public async Task Either_host_s_death_leaves_the_other_with_half_a_guest(string dead, string left)
    {
        var (site, moving) = await InPostCopy();
        await using var _ = site;
        site.World.StopHost(dead);
        Assert.False((await moving).Success);
        Assert.Equal(PowerReason.PostCopyFailed, site.On(left)!.State.Reason);
        site.World.StartHost(dead);
        Assert.False(site.World.ResumePostCopy(Web));
        site.World.Destroy(Web);
        Assert.Null(site.Transfer());
    }

    /// <summary>The source's part of the memory is old: it must never run.</summary>
    [Fact]
    public async Task A_guest_that_is_destroyed_meanwhile_does_not_run_at_its_source()
    {
        var (site, moving) = await InPostCopy();
        await using var _ = site;
        site.World.Destroy(Web);
        Assert.False((await moving).Success);
        Assert.Equal((GuestPower.Paused, PowerReason.PostCopyFailed), (site.On("host-a")!.State.Power, site.On("host-a")!.State.Reason));
        Assert.Equal(0, site.HostsThatRun());
    }

    [Fact]
    public async Task Only_a_guest_in_pre_copy_can()
    {
        await using var site = new Site();
        Assert.False(site.World.StartPostCopy(Web));
        _ = site.Move();
        Assert.False(site.World.StartPostCopy(Web));
        site.PassUntilStage("switch-over");
        Assert.False(site.World.StartPostCopy(Web));
    }
}
