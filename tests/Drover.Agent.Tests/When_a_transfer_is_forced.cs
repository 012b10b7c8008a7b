using Drover.Contracts.Agents;
using Drover.Hypervisors;
using Drover.Policy.Tuning;

namespace Drover.Agent.Tests;

public class When_a_transfer_is_forced
{
    [Fact]
    public async Task Its_pause_is_not_limited_any_more_and_stays_so()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        await world.Order(Some.Force());
        await world.Order(Some.Force());
        await world.Until(() => world.Hypervisor.Limit(Some.Guest) == DowntimeSteps.Most, "QEMU's greatest limit");
        await world.Readings(3);
        Assert.Equal(DowntimeSteps.Most, world.Hypervisor.Limit(Some.Guest));
        Assert.Single(world.Hypervisor.LimitsSet, limit => limit == DowntimeSteps.Most);
    }

    [Fact]
    public async Task What_was_set_is_put_back_when_the_guest_stays_after_all()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        await world.Order(Some.Force());
        await world.Until(() => world.Hypervisor.Limit(Some.Guest) == DowntimeSteps.Most, "QEMU's greatest limit");
        world.Hypervisor.End(Some.Guest, new TransferEnd(false, "the link broke", null));
        await world.Hears<TransferEnded>();
        Assert.Equal(ScriptedHypervisor.LimitOfNewGuests, world.Hypervisor.Limit(Some.Guest));
    }

    [Fact]
    public async Task A_hypervisor_that_is_away_is_told_when_it_is_back()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        world.Hypervisor.Away = "connection refused";
        await world.Order(Some.Force());
        await world.Until(() => world.Heard<HostReported>().Any(report => report.LibvirtAway is not null), "a report that libvirt is away");
        world.Hypervisor.Away = null;
        await world.Until(() => world.Hypervisor.Limit(Some.Guest) == DowntimeSteps.Most, "QEMU's greatest limit");
    }

    [Fact]
    public async Task An_older_order_than_one_that_was_seen_does_nothing()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin(epoch: 5));
        await world.Hears<TransferBegan>();
        await world.Order(Some.Force(epoch: 4));
        await world.Order(Some.Begin(epoch: 5));
        await world.Hears<TransferBegan>(2);
        await world.Readings(3);
        Assert.DoesNotContain(DowntimeSteps.Most, world.Hypervisor.LimitsSet);
    }

    [Fact]
    public async Task Where_nothing_of_it_runs_nothing_happens()
    {
        await using var world = await World.With();
        await world.Order(Some.Force());
        await world.Order(Some.Begin(attempt: 2, epoch: 6));
        await world.Hears<TransferBegan>();
        await world.Order(Some.Force(epoch: 6));
        await world.Readings(3);
        Assert.DoesNotContain(DowntimeSteps.Most, world.Hypervisor.LimitsSet);
    }
}
