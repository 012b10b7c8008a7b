using Drover.Policy.Model;
using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated;

public sealed class When_a_guest_ends_on_its_way
{
    [Fact]
    public async Task Its_migration_ends_and_nothing_arrives()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.Pass(3);
        site.World.Shutdown(Web);
        Assert.False((await moving).Success);
        Assert.Null(await site.B.FindGuestAsync(Web, Test));
        var guest = (await site.A.FindGuestAsync(Web, Test))!.State;
        Assert.Equal((GuestPower.ShutOff, PowerReason.Shutdown, GuestJob.None), (guest.Power, guest.Reason, guest.Job));
    }

    [Fact]
    public async Task A_transient_one_is_nowhere()
    {
        await using var site = new Site(Plan(Guest(persistent: false)));
        var moving = site.Move();
        site.Pass(3);
        site.World.Crash(Web);
        Assert.False((await moving).Success);
        Assert.Empty(await site.A.ListGuestsAsync(Test));
        Assert.Empty(await site.B.ListGuestsAsync(Test));
    }

    [Fact]
    public async Task A_hand_at_the_destination_only_ends_the_migration()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.Pass(3);
        site.World.Destroy(Web, "host-b");
        Assert.False((await moving).Success);
        Assert.Equal(1, site.HostsThatRun());
    }

    [Fact]
    public async Task After_it_has_arrived_the_move_was_a_success_all_the_same()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.PassUntilStage("letting-go");
        site.World.Destroy(Web);
        Assert.True((await site.Over(moving)).Success);
        Assert.Equal(PowerReason.Destroyed, (await site.B.FindGuestAsync(Web, Test))!.State.Reason);
        Assert.Null(await site.A.FindGuestAsync(Web, Test));
    }

    [Fact]
    public async Task A_guest_that_was_paused_arrives_paused()
    {
        await using var site = new Site();
        site.World.Pause(Web);
        Assert.True((await site.Over(site.Move())).Success);
        Assert.Equal((GuestPower.Paused, PowerReason.User), (site.On("host-b")!.State.Power, site.On("host-b")!.State.Reason));
    }
}
