using Drover.Policy.Model;
using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated;

public sealed class When_a_transfer_is_aborted
{
    [Fact]
    public async Task The_guest_runs_on_and_nothing_is_left_on_the_destination()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.Pass(3);
        Assert.True(await site.A.AbortAsync(Web, Test));
        Assert.False(moving.IsCompleted, "the job lingers");
        var end = await site.Over(moving);
        Assert.False(end.Success);
        Assert.Contains("canceled by client", end.Error, StringComparison.Ordinal);
        Assert.Null(await site.B.FindGuestAsync(Web, Test));
        var guest = (await site.A.FindGuestAsync(Web, Test))!.State;
        Assert.Equal((GuestPower.Running, PowerReason.Other, GuestJob.None), (guest.Power, guest.Reason, guest.Job));
    }

    [Fact]
    public async Task In_the_pause_the_source_resumes_its_guest()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.PassUntilStage("switch-over");
        Assert.True(await site.A.AbortAsync(Web, Test));
        Assert.False((await site.Over(moving)).Success);
        var guest = (await site.A.FindGuestAsync(Web, Test))!.State;
        Assert.Equal((GuestPower.Running, PowerReason.MigrationCancelled), (guest.Power, guest.Reason));
        Assert.Equal(1, site.HostsThatRun());
    }

    [Fact]
    public async Task After_the_guest_has_arrived_it_is_heard_and_changes_nothing()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.PassUntilStage("letting-go");
        Assert.True(await site.A.AbortAsync(Web, Test));
        Assert.True((await site.Over(moving)).Success);
        Assert.Equal(1, site.HostsThatRun());
    }

    [Fact]
    public async Task Without_one_there_is_nothing_to_abort()
    {
        await using var site = new Site();
        Assert.False(await site.A.AbortAsync(Web, Test));
        var gone = await Assert.ThrowsAsync<HypervisorException>(() => site.B.AbortAsync(Web, Test));
        Assert.Equal(HypervisorFailure.GuestGone, gone.Kind);
    }

    [Fact]
    public async Task It_can_move_again_right_after()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.Pass(1);
        await site.A.AbortAsync(Web, Test);
        Assert.Contains("already running", (await site.Move()).Error, StringComparison.Ordinal);
        await site.Over(moving);
        Assert.True((await site.Over(site.Move("host-c"))).Success);
    }

    [Fact]
    public async Task A_pause_made_meanwhile_is_lost()
    {
        await using var site = new Site(Plan(Guest(hot: 256 * MiB, dirty: 200 * MiB)));
        var moving = site.Move();
        site.Pass(3);
        site.World.Pause(Web);
        Assert.Equal(PowerReason.Migration, site.On("host-a")!.State.Reason);
        await site.A.AbortAsync(Web, Test);
        await site.Over(moving);
        Assert.Equal((GuestPower.Running, PowerReason.MigrationCancelled), (site.On("host-a")!.State.Power, site.On("host-a")!.State.Reason));
    }
}
