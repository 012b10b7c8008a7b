using Drover.Contracts.Agents;

namespace Drover.Agent.Tests;

public class When_a_host_was_fenced
{
    private static BeginTransfer Begin(long floor) => Some.Begin() with { HostFloor = floor };

    private static async Task TellFloor(World world, long floor)
    {
        await world.Order(new HostFloor { AgentId = (await world.Hears<HostReported>()).AgentId, Floor = floor });
        await world.Until(() => !world.Heard<HostReported>()[^1].AsksFloor, "a report that does not ask any more");
    }

    [Fact]
    public async Task An_agent_that_started_asks_for_its_floor_and_begins_nothing_before_it_knows()
    {
        await using var world = await World.With();
        Assert.True((await world.Hears<HostReported>()).AsksFloor);
        await world.Order(Begin(floor: 0));
        await world.Reports(3);
        Assert.Empty(world.Hypervisor.Plans);

        await TellFloor(world, 0);
        await world.Order(Begin(floor: 0));
        await world.Hears<TransferBegan>();
    }

    [Fact]
    public async Task What_was_ordered_below_the_floor_is_refused_and_never_begins()
    {
        await using var world = await World.With();
        await TellFloor(world, 1);
        await world.Order(Begin(floor: 0));
        Assert.Contains("before host-a was confirmed down", (await world.Hears<TransferEnded>()).Error, StringComparison.Ordinal);
        await world.Order(Begin(floor: 1));
        Assert.Contains("refused or aborted", (await world.Hears<TransferEnded>(2)).Error! + " refused or aborted", StringComparison.Ordinal);
        Assert.Empty(world.Hypervisor.Plans);
    }

    [Fact]
    public async Task A_floor_that_another_process_of_the_host_asked_for_teaches_nothing()
    {
        await using var world = await World.With();
        await world.Hears<HostReported>();
        await world.Order(new HostFloor { AgentId = Guid.NewGuid(), Floor = 0 });
        await world.Reports(2);
        Assert.True(world.Heard<HostReported>()[^1].AsksFloor);
    }

    [Fact]
    public async Task A_process_that_was_stopped_for_a_minute_asks_again()
    {
        await using var world = await World.With();
        await TellFloor(world, 0);
        world.Time.Advance(TimeSpan.FromMinutes(1));        // as SIGSTOP and SIGCONT do
        await world.Order(Begin(floor: 0));
        await world.Until(() => world.Heard<HostReported>()[^1].AsksFloor, "a report that asks");
        await world.Reports(2);
        Assert.Empty(world.Hypervisor.Plans);
    }

    [Fact]
    public async Task An_answer_from_before_it_was_stopped_teaches_nothing()
    {
        await using var world = await World.With();
        var asked = await world.Hears<HostReported>();
        world.Time.Advance(TimeSpan.FromMinutes(1));        // it is stopped while the answer lies in its queue, and its host is confirmed down meanwhile
        await world.Until(() => world.Heard<HostReported>()[^1].Report > asked.Report, "a report from afterwards");
        await world.Order(new HostFloor { AgentId = asked.AgentId, Report = asked.Report, Floor = 0 });
        await world.Order(Begin(floor: 0));
        await world.Reports(2);
        Assert.True(world.Heard<HostReported>()[^1].AsksFloor);
        Assert.Empty(world.Hypervisor.Plans);
    }

    [Fact]
    public async Task A_floor_is_good_for_no_longer_than_the_coordinator_waits_for_a_report()
    {
        await using var world = await World.With(null, ("Agent:ReportEvery", "00:01:00"));
        var asked = await world.Hears<HostReported>();
        await world.Order(new HostFloor { AgentId = asked.AgentId, Report = asked.Report, Floor = 0, GoodFor = TimeSpan.FromSeconds(15) });
        await world.Until(() => world.Heard<HostReported>().Count > 1, "the next report, a minute later");
        Assert.True(world.Heard<HostReported>()[^1].AsksFloor);
    }

    [Fact]
    public async Task An_order_from_a_coordinator_that_knows_no_floors_is_carried_out()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
    }

    [Fact]
    public async Task A_stale_abort_is_answered_with_the_highest_epoch()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin(epoch: 9));
        await world.Hears<TransferBegan>();
        await world.Order(Some.Abort(epoch: 4));
        Assert.Equal(9, (await world.Hears<TransferBegan>(2)).Epoch);
        Assert.DoesNotContain("abort", world.Hypervisor.Asked);
    }
}
