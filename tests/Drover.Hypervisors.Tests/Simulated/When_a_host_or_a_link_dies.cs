using Drover.Policy.Model;
using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated;

public sealed class When_a_host_or_a_link_dies
{
    [Fact]
    public async Task A_cut_ends_pre_copy_after_half_a_minute_and_the_guest_stays()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.Pass(3);
        site.World.CutLink("link-b");
        var before = site.Transfer()!.SentBytes;
        site.Pass(29.9);
        Assert.Equal(before, site.Transfer()!.SentBytes);
        Assert.False(moving.IsCompleted);
        site.Pass(0.2);
        Assert.Contains("Lost connection", (await moving).Error, StringComparison.Ordinal);
        Assert.Equal(1, site.HostsThatRun());
        Assert.Null(await site.B.FindGuestAsync(Web, Test));
        Assert.Contains("No route", (await site.Move()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_cut_only_costs_time()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.Pass(3);
        site.World.CutLink("link-a");
        site.Pass(20);
        site.World.MendLink("link-a");
        var end = await site.Over(moving);
        Assert.True(end.Success);
        Assert.InRange(end.Totals!.Elapsed.TotalSeconds, 29, 30);
    }

    [Fact]
    public async Task A_cut_in_the_pause_brings_the_guest_back()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.PassUntilStage("switch-over");
        site.World.CutLink("link-a");
        Assert.False((await site.Over(moving)).Success);
        Assert.Equal(PowerReason.MigrationCancelled, site.On("host-a")!.State.Reason);
        Assert.Equal(1, site.HostsThatRun());
    }

    [Theory]
    [InlineData("pre-copy")]
    [InlineData("switch-over")]
    [InlineData("finishing")]
    public async Task A_destination_without_power_leaves_the_guest_on_its_source(string stage)
    {
        await using var site = new Site();
        var moving = site.Move();
        site.PassUntilStage(stage);
        site.World.StopHost("host-b");
        site.Pass(29.9);
        Assert.False(moving.IsCompleted);
        site.Pass(0.2);
        Assert.False((await moving).Success);
        Assert.Equal(1, site.On("host-a")!.RunningVcpus / 2);
        site.World.StartHost("host-b");
        Assert.Null(await site.B.FindGuestAsync(Web, Test));
        Assert.True((await site.Over(site.Move())).Success);
    }

    [Fact]
    public async Task A_destination_that_comes_back_within_that_time_ends_it_too()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.Pass(3);
        site.World.StopHost("host-b");
        site.Pass(5);
        site.World.StartHost("host-b");
        Assert.Contains("reset by peer", (await moving).Error, StringComparison.Ordinal);
        Assert.Equal(1, site.HostsThatRun());
    }

    [Fact]
    public async Task A_source_without_power_takes_its_guest_with_it_and_the_destination_cleans_up()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.Pass(3);
        site.World.StopHost("host-a");
        Assert.False((await moving).Success);
        Assert.Equal(GuestJob.MigrationIn, (await site.B.FindGuestAsync(Web, Test))!.State.Job);
        site.Pass(30);
        Assert.Null(await site.B.FindGuestAsync(Web, Test));
        site.World.StartHost("host-a");
        Assert.Equal(GuestPower.ShutOff, (await site.A.FindGuestAsync(Web, Test))!.State.Power);
        site.World.Start(Web, "host-a");
        Assert.Equal(1, site.HostsThatRun());
    }

    [Fact]
    public async Task A_source_without_power_cannot_hurt_a_guest_that_has_arrived()
    {
        await using var site = new Site();
        _ = site.Move();
        site.PassUntilStage("letting-go");
        site.World.StopHost("host-a");
        site.World.StartHost("host-a");
        Assert.Equal(1, site.HostsThatRun());
        Assert.Equal(GuestPower.ShutOff, (await site.A.FindGuestAsync(Web, Test))!.State.Power);
    }

    [Fact]
    public async Task A_transient_guest_is_gone_with_its_host()
    {
        await using var site = new Site(Plan(Guest(persistent: false)));
        site.World.StopHost("host-a");
        site.World.StartHost("host-a");
        Assert.Empty(await site.A.ListGuestsAsync(Test));
    }
}
