using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Drover.Hypervisors;
using Drover.Policy.Model;

namespace Drover.Agent.Tests;

public class When_a_transfer_is_aborted
{
    [Fact]
    public async Task Before_it_began_a_late_order_to_begin_is_refused()
    {
        await using var world = await World.With();
        await world.Order(Some.Abort(epoch: 6));
        Assert.Contains("no transfer", (await world.Hears<TransferEnded>()).Error, StringComparison.Ordinal);
        Assert.Equal(6, world.Hypervisor.Guest(Some.Guest).State.Mark!.Epoch);

        await world.Order(Some.Begin(epoch: 5));
        Assert.Contains("older", (await world.Hears<TransferEnded>(2)).Error, StringComparison.Ordinal);
        Assert.Empty(world.Hypervisor.Plans);
    }

    [Fact]
    public async Task A_late_order_is_refused_by_the_next_agent_too()
    {
        await using var world = await World.With();
        await world.Order(Some.Abort(epoch: 6));
        await world.Hears<TransferEnded>();
        await world.StopAgent();
        await world.StartAgent();
        await world.Order(Some.Begin(epoch: 5));
        Assert.Contains("older", (await world.Hears<TransferEnded>(2)).Error, StringComparison.Ordinal);
        Assert.Empty(world.Hypervisor.Plans);
    }

    [Fact]
    public async Task While_it_runs_the_job_is_aborted_once_and_its_end_answers()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        await world.Order(Some.Abort(epoch: 6));

        var ended = await world.Hears<TransferEnded>();
        Assert.Equal(("operation aborted", 6), (ended.Error, ended.Epoch));
        Assert.Single(world.Hypervisor.Asked, "abort");
        Assert.Equal(ScriptedHypervisor.LimitOfNewGuests, world.Hypervisor.Limit(Some.Guest));
        Assert.Equal(6, world.Hypervisor.Guest(Some.Guest).State.Mark!.Epoch);      // it could not be written while the job ran
    }

    [Fact]
    public async Task Before_the_job_is_seen_it_is_aborted_as_soon_as_it_is()
    {
        await using var world = await World.With(hypervisor => hypervisor.JobAppearsAtOnce = false);
        await world.Order(Some.Begin());
        await world.Until(() => !world.Hypervisor.Plans.IsEmpty, "the call");
        await world.Order(Some.Abort());
        await world.Readings(3);
        world.Hypervisor.JobAppears(Some.Guest);
        Assert.Equal("operation aborted", (await world.Hears<TransferEnded>()).Error);
    }

    [Fact]
    public async Task A_busy_hypervisor_is_asked_again()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        world.Hypervisor.Busy = 3;
        await world.Order(Some.Abort());
        await world.Hears<TransferEnded>();
    }

    [Fact]
    public async Task After_its_end_nothing_is_aborted()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        world.Hypervisor.End(Some.Guest, new TransferEnd(true, null, Some.Totals));
        await world.Hears<TransferEnded>();
        await world.Order(Some.Abort());
        Assert.NotNull((await world.Hears<TransferEnded>(2)).Error);
        Assert.DoesNotContain("abort", world.Hypervisor.Asked);
    }

    [Fact]
    public async Task In_post_copy_it_is_refused_and_the_answer_says_that_the_job_is_there()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        world.Hypervisor.Change(Some.Guest, state => state with { Power = GuestPower.Paused, Reason = PowerReason.PostCopy });
        await world.Order(Some.Abort());
        await world.Hears<TransferBegan>(2);
        Assert.DoesNotContain("abort", world.Hypervisor.Asked);
    }

    [Fact]
    public async Task An_older_order_than_the_running_transfers_aborts_nothing()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin(epoch: 5));
        await world.Hears<TransferBegan>();
        await world.Order(Some.Abort(epoch: 4));
        await world.Order(Some.Begin(epoch: 5));
        await world.Hears<TransferBegan>(2);
        await world.Readings(3);
        Assert.DoesNotContain("abort", world.Hypervisor.Asked);
    }

    [Fact]
    public async Task Another_migrations_job_is_not_touched()
    {
        await using var world = await World.With(hypervisor => hypervisor.Change(Some.Guest, state => state with { Job = GuestJob.MigrationOut }));
        await world.Order(Some.Abort());
        Assert.Contains("no transfer", (await world.Hears<TransferEnded>()).Error, StringComparison.Ordinal);
        Assert.Empty(world.Hypervisor.Asked);
    }
}
