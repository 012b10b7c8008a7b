using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated;

public sealed class When_a_guest_carries_a_mark
{
    [Fact]
    public async Task It_travels_with_the_guest_and_is_there_while_it_arrives()
    {
        await using var site = new Site();
        await site.A.WriteMarkAsync(Web, AMark(), Test);
        var moving = site.Move();
        Assert.Equal(AMark(), (await site.B.FindGuestAsync(Web, Test))!.State.Mark);
        await site.Over(moving);
        Assert.Equal(AMark(), (await site.B.FindGuestAsync(Web, Test))!.State.Mark);
    }

    [Fact]
    public async Task It_cannot_change_while_a_job_runs_on_either_side()
    {
        await using var site = new Site();
        _ = site.Move();
        foreach (var side in new[] { site.A, site.B })
        {
            var busy = await Assert.ThrowsAsync<HypervisorException>(() => side.WriteMarkAsync(Web, AMark(), Test));
            Assert.Equal(HypervisorFailure.Busy, busy.Kind);
        }
    }

    [Fact]
    public async Task It_survives_the_daemon()
    {
        await using var site = new Site();
        await site.A.WriteMarkAsync(Web, AMark(), Test);
        site.World.StopDaemon("host-a");
        site.World.StartDaemon("host-a");
        Assert.Equal(AMark(), (await site.A.FindGuestAsync(Web, Test))!.State.Mark);
    }

    [Fact]
    public async Task A_guest_that_is_not_there_takes_none()
    {
        await using var site = new Site();
        var gone = await Assert.ThrowsAsync<HypervisorException>(() => site.B.WriteMarkAsync(Web, AMark(), Test));
        Assert.Equal(HypervisorFailure.GuestGone, gone.Kind);
    }
}
