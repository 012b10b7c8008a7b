using Drover.Policy.Model;
using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated;

/// <summary>libvirtd killed at a migration's side, phase by phase: as found out on libvirt 9.0.</summary>
public sealed class When_a_daemon_dies
{
    [Fact]
    public async Task Every_call_fails_until_it_is_back_and_listeners_are_told()
    {
        await using var site = new Site();
        var heard = new List<HypervisorEvent>();
        var listening = Listen(site, heard);
        site.World.StopDaemon("host-a");
        Func<Task>[] calls =
        [
            () => site.A.DescribeHostAsync(Test), () => site.A.ListGuestsAsync(Test), () => site.A.FindGuestAsync(Web, Test),
            () => site.A.WriteMarkAsync(Web, AMark(), Test), () => site.Move(), () => site.A.SampleAsync(Web, Test), () => site.A.AbortAsync(Web, Test),
            () => site.A.GetDowntimeLimitAsync(Web, Test), () => site.A.SetDowntimeLimitAsync(Web, TimeSpan.FromSeconds(1), Test),
        ];
        foreach (var call in calls)
            Assert.Equal(HypervisorFailure.Unavailable, (await Assert.ThrowsAsync<HypervisorException>(call)).Kind);
        site.World.StartDaemon("host-a");
        Assert.NotNull(await site.A.FindGuestAsync(Web, Test));
        Assert.Equal([typeof(HypervisorEvent.Connected), typeof(HypervisorEvent.ConnectionLost), typeof(HypervisorEvent.Connected)], heard.Select(one => one.GetType()));
        await site.A.DisposeAsync();
        await listening;
    }

    [Theory]
    [InlineData("setup")]
    [InlineData("pre-copy")]
    public async Task The_source_s_before_the_pause_leaves_the_guest_running_and_nothing_recorded(string stage)
    {
        await using var site = new Site();
        var moving = site.Move();
        site.PassUntilStage(stage);
        site.World.StopDaemon("host-a");
        Assert.False((await moving).Success);
        Assert.Null(await site.B.FindGuestAsync(Web, Test));
        Assert.Equal(1, site.On("host-a")!.RunningVcpus / 2);
        site.World.StartDaemon("host-a");
        var guest = (await site.A.FindGuestAsync(Web, Test))!.State;
        Assert.Equal((GuestPower.Running, GuestJob.None), (guest.Power, guest.Job));
        Assert.True((await site.Over(site.Move())).Success);
    }

    [Fact]
    public async Task The_source_s_in_the_pause_keeps_the_guest_paused_until_it_is_back()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.PassUntilStage("switch-over");
        site.World.StopDaemon("host-a");
        Assert.False((await moving).Success);
        site.Pass(60);
        Assert.Equal(0, site.HostsThatRun());
        site.World.StartDaemon("host-a");
        Assert.Equal((GuestPower.Running, PowerReason.MigrationCancelled), (site.On("host-a")!.State.Power, site.On("host-a")!.State.Reason));
    }

    [Fact]
    public async Task The_source_s_when_all_is_sent_leaves_the_guest_paused_for_somebody_to_decide()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.PassUntilStage("finishing");
        site.World.StopDaemon("host-a");
        Assert.False((await moving).Success);
        site.World.StartDaemon("host-a");
        var guest = (await site.A.FindGuestAsync(Web, Test))!.State;
        Assert.Equal((GuestPower.Paused, PowerReason.Migration, GuestJob.None), (guest.Power, guest.Reason, guest.Job));
        Assert.Null(await site.B.FindGuestAsync(Web, Test));
        site.World.Resume(Web);
        Assert.Equal(1, site.HostsThatRun());
    }

    [Fact]
    public async Task The_source_s_after_the_guest_has_arrived_lets_go_when_it_is_back_and_tells_nobody()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.PassUntilStage("letting-go");
        site.World.StopDaemon("host-a");
        Assert.False((await moving).Success);
        site.Pass(60);
        Assert.Equal(GuestPower.Paused, site.On("host-a")!.State.Power);
        var heard = new List<HypervisorEvent>();
        var listening = Listen(site, heard);
        site.World.StartDaemon("host-a");
        Assert.Null(await site.A.FindGuestAsync(Web, Test));
        Assert.Equal(1, site.HostsThatRun());
        Assert.Equal([new HypervisorEvent.Connected()], heard);
        await site.A.DisposeAsync();
        await listening;
    }

    [Theory]
    [InlineData("setup")]
    [InlineData("pre-copy")]
    [InlineData("switch-over")]
    [InlineData("finishing")]
    [InlineData("cancelling")]
    public async Task The_destination_s_before_the_guest_runs_there_leaves_it_on_its_source(string stage)
    {
        await using var site = new Site();
        var moving = site.Move();
        if (stage == "cancelling")
        {
            site.Pass(1);
            await site.A.AbortAsync(Web, Test);
        }
        site.PassUntilStage(stage);
        site.World.StopDaemon("host-b");
        Assert.False((await moving).Success);
        var guest = (await site.A.FindGuestAsync(Web, Test))!.State;
        Assert.Equal((GuestPower.Running, GuestJob.None), (guest.Power, guest.Job));
        site.World.StartDaemon("host-b");
        Assert.Null(await site.B.FindGuestAsync(Web, Test));
    }

    [Fact]
    public async Task The_destination_s_afterwards_changes_nothing()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.PassUntilStage("letting-go");
        site.World.StopDaemon("host-b");
        Assert.True((await site.Over(moving)).Success);
        site.World.StartDaemon("host-b");
        Assert.Equal(GuestPower.Running, (await site.B.FindGuestAsync(Web, Test))!.State.Power);
    }

    [Fact]
    public async Task Between_resuming_and_saying_so_two_copies_run_but_only_when_asked_for()
    {
        await using var site = new Site();
        site.World.DieBeforeAnswering("host-b");
        Assert.False((await site.Over(site.Move())).Success);
        Assert.Equal(2, site.HostsThatRun());
        Assert.Equal(PowerReason.MigrationCancelled, site.On("host-a")!.State.Reason);
        site.World.StartDaemon("host-b");
        Assert.Equal(PowerReason.Migrated, (await site.B.FindGuestAsync(Web, Test))!.State.Reason);

        site.World.Destroy(Web, "host-b");
        Assert.True((await site.Over(site.Move())).Success, "it happens once");
    }

    private static async Task Listen(Site site, List<HypervisorEvent> heard)
    {
        await foreach (var what in site.A.WatchAsync(Test))
            heard.Add(what);
    }
}
