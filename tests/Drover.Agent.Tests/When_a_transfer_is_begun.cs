using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Drover.Hypervisors;
using Drover.Policy.Model;

namespace Drover.Agent.Tests;

public class When_a_transfer_is_begun
{
    [Fact]
    public async Task The_mark_and_the_small_limit_come_before_the_call()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        var began = await world.Hears<TransferBegan>();

        Assert.Equal((Some.Migration, 1, 5), (began.MigrationId, began.Attempt, began.Epoch));
        Assert.Equal(["mark 5", "limit 50", "transfer"], world.Hypervisor.Asked);
        Assert.Equal(Some.Mark(before: ScriptedHypervisor.LimitOfNewGuests), world.Hypervisor.Guest(Some.Guest).State.Mark);
        Assert.Equal("qemu+tcp://10.0.0.2/system", Assert.Single(world.Hypervisor.Plans).PeerUri);
    }

    [Fact]
    public async Task It_began_only_once_the_hypervisor_has_the_job()
    {
        await using var world = await World.With(hypervisor => hypervisor.JobAppearsAtOnce = false);
        await world.Order(Some.Begin());
        await world.Readings(5);
        Assert.Empty(world.Heard<TransferBegan>());

        world.Hypervisor.JobAppears(Some.Guest);
        await world.Hears<TransferBegan>();
    }

    [Fact]
    public async Task Its_end_is_reported_with_totals()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        world.Hypervisor.End(Some.Guest, new TransferEnd(true, null, Some.Totals));

        var ended = await world.Hears<TransferEnded>();
        Assert.Null(ended.Error);
        Assert.Equal((TimeSpan.FromMilliseconds(42), 1234L, 3L), (ended.Downtime!.Value, ended.TransferredBytes!.Value, ended.Passes!.Value));
        Assert.DoesNotContain("limit 300", world.Hypervisor.Asked);     // the guest is gone from here
    }

    [Fact]
    public async Task A_transfer_that_is_over_before_it_was_seen_began_and_ended()
    {
        await using var world = await World.With(hypervisor => hypervisor.JobAppearsAtOnce = false);
        await world.Order(Some.Begin());
        await world.Until(() => !world.Hypervisor.Plans.IsEmpty, "the call");
        world.Hypervisor.End(Some.Guest, new TransferEnd(true, null, Some.Totals));

        await world.Hears<TransferEnded>();
        Assert.Single(world.Heard<TransferBegan>());
    }

    [Fact]
    public async Task A_failure_puts_the_downtime_limit_back_and_says_why()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        world.Hypervisor.End(Some.Guest, new TransferEnd(false, "no route to host", null));

        Assert.Equal("no route to host", (await world.Hears<TransferEnded>()).Error);
        Assert.Equal(ScriptedHypervisor.LimitOfNewGuests, world.Hypervisor.Limit(Some.Guest));
        Assert.Null(world.Hypervisor.Guest(Some.Guest).State.Mark!.DowntimeLimitBefore);
        Assert.Equal(Some.Migration, world.Hypervisor.Guest(Some.Guest).State.Mark!.MigrationId);
    }

    [Fact]
    public async Task A_call_that_returns_while_the_job_goes_on_ends_nothing()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        world.Hypervisor.BreakCall(Some.Guest, "client socket is closed");
        await world.Readings(3);
        Assert.Empty(world.Heard<TransferEnded>());

        world.Hypervisor.End(Some.Guest, new TransferEnd(true, null, null));
        await world.Hears<TransferEnded>();
    }

    [Fact]
    public async Task A_guest_that_is_busy_for_a_moment_is_tried_again()
    {
        await using var world = await World.With(hypervisor => hypervisor.Busy = 2);
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        Assert.Single(world.Hypervisor.Plans);
    }

    [Fact]
    public async Task The_same_order_again_starts_nothing_and_is_answered_again()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>(2);
        Assert.Single(world.Hypervisor.Plans);
    }

    [Fact]
    public async Task The_same_order_after_the_end_starts_nothing()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        world.Hypervisor.End(Some.Guest, new TransferEnd(false, "failed", null));
        await world.Hears<TransferEnded>();

        await world.Order(Some.Begin());
        Assert.Contains("has ended here", (await world.Hears<TransferEnded>(2)).Error, StringComparison.Ordinal);
        Assert.Single(world.Hypervisor.Plans);
    }

    [Fact]
    public async Task The_next_attempt_starts()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        world.Hypervisor.End(Some.Guest, new TransferEnd(false, "failed", null));
        await world.Hears<TransferEnded>();

        await world.Order(Some.Begin(epoch: 7, attempt: 2));
        Assert.Equal(2, (await world.Hears<TransferBegan>(2)).Attempt);
    }

    [Fact]
    public async Task A_lower_epoch_than_the_marks_is_refused()
    {
        await using var world = await World.With(hypervisor => hypervisor.Add(Some.RunningGuest(Some.Mark(epoch: 9) with { MigrationId = Some.OtherMigration })));
        await world.Order(Some.Begin(epoch: 8));
        Assert.Contains("older", (await world.Hears<TransferEnded>()).Error, StringComparison.Ordinal);
        Assert.Empty(world.Hypervisor.Asked);
    }

    [Theory]
    [InlineData(GuestPower.Running, GuestJob.MigrationOut)]
    [InlineData(GuestPower.Running, GuestJob.Other)]
    [InlineData(GuestPower.Paused, GuestJob.None)]
    [InlineData(GuestPower.ShutOff, GuestJob.None)]
    public async Task A_guest_that_cannot_leave_is_refused(GuestPower power, GuestJob job)
    {
        await using var world = await World.With(hypervisor => hypervisor.Change(Some.Guest, state => state with { Power = power, Job = job }));
        await world.Order(Some.Begin());
        Assert.NotNull((await world.Hears<TransferEnded>()).Error);
        Assert.Empty(world.Hypervisor.Plans);
    }

    [Theory]
    [InlineData(GuestPower.Paused, GuestJob.None)]
    [InlineData(GuestPower.Running, GuestJob.Other)]
    public async Task What_was_refused_stays_refused_when_the_guest_could_leave_by_then(GuestPower power, GuestJob job)
    {
        await using var world = await World.With(hypervisor => hypervisor.Change(Some.Guest, state => state with { Power = power, Job = job }));
        await world.Order(Some.Begin());
        await world.Hears<TransferEnded>();

        world.Hypervisor.Change(Some.Guest, state => state with { Power = GuestPower.Running, Job = GuestJob.None });
        await world.Order(Some.Begin());
        await world.Hears<TransferEnded>(2);
        Assert.Empty(world.Hypervisor.Plans);
    }

    [Fact]
    public async Task A_refusal_is_written_to_the_guest_for_agents_to_come()
    {
        await using var world = await World.With(hypervisor => hypervisor.Change(Some.Guest, state => state with { Power = GuestPower.Paused }));
        await world.Order(Some.Begin());
        await world.Hears<TransferEnded>();
        Assert.Equal((Some.Begin().MigrationId, Some.Begin().Attempt), world.Hypervisor.Guest(Some.Guest).State.Mark is { } mark ? (mark.MigrationId, mark.Attempt) : default);
    }

    [Fact]
    public async Task While_libvirt_is_away_nothing_is_promised_and_the_order_holds_when_it_comes_again()
    {
        await using var world = await World.With();
        world.Hypervisor.Away = "the daemon is away";
        await world.Order(Some.Begin());
        await world.Reports(2);     // longer than the agent's patience with a hypervisor that is away
        Assert.Empty(world.Heard<TransferEnded>());
        world.Hypervisor.Away = null;
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        Assert.Single(world.Hypervisor.Plans);
    }

    [Fact]
    public async Task More_than_the_bound_are_refused()
    {
        var other = Guid.NewGuid();
        await using var world = await World.With(hypervisor => hypervisor.Add(Some.RunningGuest() with { Uuid = other, Name = "web-2" }), ("Agent:MaxTransfers", "1"));
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        await world.Order(Some.Begin() with { GuestUuid = other, MigrationId = Some.OtherMigration });
        Assert.Contains("MaxTransfers", (await world.Hears<TransferEnded>()).Error, StringComparison.Ordinal);
    }
}
