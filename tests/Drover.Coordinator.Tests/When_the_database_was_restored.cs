using Drover.Contracts.Agents;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Tests;

/// <summary>What a database that was restored from an older backup believes, against what the hosts say: here the rows are new, and the hosts know more.</summary>
public class When_the_database_was_restored
{
    private static readonly Guest Web = Guest.Named("web");
    private readonly Guid id = Guid.CreateVersion7();

    private static async Task<Coordination> TwoHosts()
    {
        var coordination = await Coordination.Start(["host-a", "host-b"]);
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b");
        return coordination;
    }

    private static SourceChecked Refuses(CheckSource order, string because, GuestSighting sighting) =>
        new() { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch, Refusal = because, Sighting = sighting };

    [Fact]
    public async Task A_migration_that_it_believes_queued_and_that_has_moved_its_guest_is_completed_and_not_begun_again()
    {
        await using var coordination = await TwoHosts();
        coordination.Agents["host-a"].OnCheckSource = order => Refuses(order, "the guest is not on host-a", AgentDouble.Absent);
        coordination.Agents["host-a"].OnReport = _ => AgentDouble.Absent;
        coordination.Agents["host-b"].OnReport = _ => AgentDouble.Running(id);
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilStateAsTimePasses(id, "Completed");
        Assert.DoesNotContain(coordination.Agents["host-a"].Orders, order => order is BeginTransfer);
    }

    [Fact]
    public async Task A_migration_that_it_believes_preparing_and_that_runs_is_adopted_above_its_marks_epoch()
    {
        await using var coordination = await TwoHosts();
        var runs = AgentDouble.Running(id, "migration-out") with { MarkEpoch = 41 };
        coordination.Agents["host-a"].OnCheckSource = order => Refuses(order, "a job is on the guest already", runs);
        coordination.Agents["host-a"].OnReport = _ => runs;
        coordination.Agents["host-b"].OnReport = _ => AgentDouble.Running(id, "migration-in");
        await coordination.Migrate(id, Web, "host-b");
        var saga = await coordination.UntilState(id, "PreCopying");
        Assert.True(saga.TransferOrdered);
        Assert.True(saga.Epoch >= 41);
        Assert.DoesNotContain(coordination.Agents["host-a"].Orders, order => order is BeginTransfer);
        await coordination.Cancel(id);
        await coordination.Until(_ => Task.FromResult(coordination.Agents["host-a"].Orders.OfType<AbortTransfer>().Any()));
        Assert.True(coordination.Agents["host-a"].Orders.OfType<AbortTransfer>().First().Epoch > 41);
    }

    [Fact]
    public async Task A_guest_that_carries_a_newer_mark_of_another_migration_ends_the_old_one_without_an_order()
    {
        await using var coordination = await TwoHosts();
        var source = coordination.Agents["host-a"];
        source.OnBegin = order => [AgentDouble.Began(order)];
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "PreCopying");        // as the backup has it; since then it ended, and another one moved the guest back
        source.OnReport = _ => AgentDouble.Running(Guid.CreateVersion7()) with { MarkEpoch = 77 };
        coordination.Agents["host-b"].OnReport = _ => AgentDouble.Absent;
        var saga = await coordination.UntilStateAsTimePasses(id, "Failed");
        Assert.True(saga.Epoch < 77);
        Assert.DoesNotContain(source.Orders, order => order is AbortTransfer);
    }

    [Fact]
    public async Task A_migration_whose_slots_are_held_and_that_lost_the_word_of_it_goes_on()
    {
        await using var coordination = await Coordination.Start(["host-a", "host-b"], ("OutLimit", "0"));
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b");
        coordination.Agents["host-a"].OnReport = _ => AgentDouble.Absent;
        coordination.Agents["host-b"].OnReport = _ => AgentDouble.Running(id);
        await coordination.Migrate(id, Web, "host-b");
        await coordination.Until(db => db.Events.AnyAsync(e => e.RoutingKey == "migration.queued"));
        await coordination.Read(async db =>
        {
            await db.Waiting.ExecuteDeleteAsync();
            db.Slots.AddRange(new() { Lane = "out:host-a", Number = 1, MigrationId = id }, new() { Lane = "in:host-b", Number = 1, MigrationId = id });
            return await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        await coordination.LetTimePass();
        await coordination.UntilState(id, "Completed");
    }

    [Fact]
    public async Task What_its_agent_says_of_an_abort_with_an_old_epoch_raises_the_migrations_own()
    {
        await using var coordination = await TwoHosts();
        var source = coordination.Agents["host-a"];
        source.OnBegin = order => [AgentDouble.Began(order)];
        source.OnAbort = order => [new TransferEnded { MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = 50, Error = "no transfer of this attempt runs on host-a" }];
        source.OnReport = _ => AgentDouble.Running();
        coordination.Agents["host-b"].OnReport = _ => AgentDouble.Absent;
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "PreCopying");
        await coordination.Cancel(id);
        Assert.Equal(50, (await coordination.UntilState(id, "Cancelled")).Epoch);
    }
}
