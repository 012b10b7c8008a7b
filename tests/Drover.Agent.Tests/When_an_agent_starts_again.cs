using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Drover.Hypervisors;
using Drover.Policy.Model;

namespace Drover.Agent.Tests;

public class When_an_agent_starts_again
{
    private static readonly TimeSpan Before = ScriptedHypervisor.LimitOfNewGuests;

    [Fact]
    public async Task It_leaves_the_migration_running_and_watches_it_on()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        await world.StopAgent();
        Assert.Empty(world.Heard<TransferEnded>());
        Assert.Equal(GuestJob.MigrationOut, world.Hypervisor.Guest(Some.Guest).State.Job);

        var before = world.Heard<MigrationProgressed>().Count;
        await world.StartAgent();
        var progress = await world.Hears<MigrationProgressed>(before + 1);
        Assert.Equal((Some.Migration, 1, 4L, "web-1"), (progress.MigrationId, progress.Attempt, progress.AfterSequence, progress.Guest));
        Assert.Single(world.Hypervisor.Plans);

        world.Hypervisor.Say(new HypervisorEvent.JobCompleted(Some.Guest, Some.Totals));
        world.Hypervisor.End(Some.Guest, new TransferEnd(true, null, null));
        var ended = await world.Hears<TransferEnded>();
        Assert.Equal((null, 1234L), (ended.Error, ended.TransferredBytes));
    }

    [Fact]
    public async Task The_downtime_limit_goes_on_from_what_it_is()
    {
        await using var world = await World.With(hypervisor =>
        {
            hypervisor.Add(Some.RunningGuest(Some.Mark(before: Before), GuestJob.MigrationOut));
            hypervisor.SetLimit(Some.Guest, TimeSpan.FromMilliseconds(200));
            hypervisor.Readings.Clear();
            for (var pass = 5; pass < 9; pass++)
                hypervisor.Readings.Enqueue(Some.Reading(pass, pass, pass * 900, 100));
        });
        await world.Until(() => world.Hypervisor.Limit(Some.Guest).TotalMilliseconds >= 500, "the greatest limit");
        Assert.Equal([400, 500], world.Hypervisor.LimitsSet.Select(limit => limit.TotalMilliseconds));
    }

    [Fact]
    public async Task A_transfer_that_it_found_can_be_aborted()
    {
        await using var world = await World.With(hypervisor => hypervisor.Add(Some.RunningGuest(Some.Mark(before: Before), GuestJob.MigrationOut)));
        await world.Order(Some.Abort());
        await world.Hears<TransferEnded>();
        Assert.Single(world.Hypervisor.Asked, "abort");
        Assert.Equal(Before, world.Hypervisor.Limit(Some.Guest));
    }

    [Fact]
    public async Task What_ended_unseen_is_put_back_once_and_reported()
    {
        await using var world = await World.With(hypervisor =>
        {
            hypervisor.Add(Some.RunningGuest(Some.Mark(before: Before)));
            hypervisor.SetLimit(Some.Guest, TimeSpan.FromMilliseconds(50));
        });
        Assert.Equal(Some.Migration, (await world.Hears<TransferEnded>()).MigrationId);
        Assert.Equal(Before, world.Hypervisor.Limit(Some.Guest));

        // Whatever an operator sets afterwards is the operator's.
        world.Hypervisor.SetLimit(Some.Guest, TimeSpan.FromSeconds(2));
        await world.StopAgent();
        await world.StartAgent();
        await world.Reports(15);
        Assert.Equal(TimeSpan.FromSeconds(2), world.Hypervisor.Limit(Some.Guest));
        Assert.Single(world.Heard<TransferEnded>());
    }

    [Fact]
    public async Task Libvirt_that_comes_back_is_looked_at_again()
    {
        await using var world = await World.With(hypervisor =>
        {
            hypervisor.Add(Some.RunningGuest(Some.Mark(before: Before), GuestJob.MigrationOut));
            hypervisor.Away = "connection refused";
        });
        Assert.NotNull((await world.Hears<HostReported>()).LibvirtAway);
        world.Hypervisor.Away = null;
        world.Hypervisor.Say(new HypervisorEvent.Connected());
        await world.Hears<MigrationProgressed>();
    }

    [Fact]
    public async Task A_migration_without_our_mark_is_not_touched()
    {
        await using var world = await World.With(hypervisor =>
        {
            hypervisor.Add(Some.RunningGuest(job: GuestJob.MigrationOut));
            hypervisor.Add(Some.RunningGuest(Some.Mark(before: Before) with { Source = "host-c" }, GuestJob.MigrationOut) with { Uuid = Guid.NewGuid(), Name = "arrived" });
            hypervisor.Add(Some.RunningGuest(Some.Mark(before: null), GuestJob.MigrationOut) with { Uuid = Guid.NewGuid(), Name = "moved by hand after a transfer was settled" });
        });
        await world.Reports(15);
        Assert.Empty(world.Hypervisor.Asked);
        Assert.Empty(world.Heard<MigrationProgressed>());
        Assert.Empty(world.Heard<TransferEnded>());
    }
}
