using System.Text.Json;
using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Drover.Coordinator.Migrations;
using Drover.Store.Migrations;
using Drover.Testing;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Tests;

/// <summary>Deadlines and starts. No test waits for one: it sends the message that the scheduler would, with the token that was armed.</summary>
public class When_a_migration_has_a_time
{
    private static readonly DateTimeOffset Tonight = DateTimeOffset.UtcNow.AddHours(3);
    private readonly Guid id = Guid.CreateVersion7();
    private readonly Guest web = Guest.Named("web");

    [Fact]
    public async Task Its_deadline_is_armed_with_it_and_taken_back_at_its_end()
    {
        await using var coordination = await Start();
        await Ask(coordination, c => c with { Deadline = Tonight });
        var saga = await coordination.UntilState(id, "PreCopying");
        var token = Assert.NotNull(saga.DeadlineToken);
        await Eventually.True(() => coordination.Armed.ContainsKey(token));
        Assert.Equal(Tonight.UtcDateTime, coordination.Armed[token], TimeSpan.FromMilliseconds(1));

        await End(coordination);
        saga = await coordination.UntilState(id, "Completed");
        Assert.Null(saga.DeadlineToken);
        await Eventually.True(() => coordination.TakenBack.Contains(token));
    }

    [Fact]
    public async Task Without_a_time_nothing_is_scheduled()
    {
        await using var coordination = await Start();
        await Ask(coordination, c => c);
        await coordination.UntilState(id, "PreCopying");
        await End(coordination);
        await coordination.UntilState(id, "Completed");
        Assert.Empty(coordination.Armed);
        Assert.Empty(coordination.TakenBack);
    }

    [Fact]
    public async Task A_missed_deadline_is_told_with_what_blocks_it_and_the_migration_goes_on()
    {
        await using var coordination = await Start(("OutLimit", "0"));
        await Ask(coordination, c => c with { Deadline = Tonight });
        await coordination.Until(async db => await db.Migrations.AnyAsync(saga => saga.StateReason == "out:host-a 0/0"));
        await DeadlineComes(coordination);

        var told = await Event(coordination, "migration.struggling");
        Assert.Equal("deadline missed: it still waits (out:host-a 0/0)", told.GetProperty("reason").GetString());
        Assert.NotEmpty(told.GetProperty("wouldHelp").GetString()!);
        Assert.Equal("Queued", (await Saga(coordination)).CurrentState);
    }

    [Fact]
    public async Task It_acts_once_however_often_it_comes_and_another_token_does_nothing()
    {
        await using var coordination = await Start();
        await Ask(coordination, c => c with { Deadline = Tonight });
        var token = (await coordination.UntilState(id, "PreCopying")).DeadlineToken!.Value;
        await coordination.Handled(Queues.Migrations, new ReachDeadline { MigrationId = id, Token = Guid.NewGuid() });
        for (var n = 0; n < 3; n++)
            await coordination.Handled(Queues.Migrations, new ReachDeadline { MigrationId = id, Token = token });
        await Event(coordination, "migration.struggling");
        await End(coordination);
        await coordination.UntilState(id, "Completed");
        await coordination.Handled(Queues.Migrations, new ReachDeadline { MigrationId = id, Token = token });

        var story = await coordination.Story(id);
        Assert.Single(story, key => key == "migration.struggling");
        Assert.Equal("migration.completed", story[^1]);
        Assert.DoesNotContain(token, coordination.TakenBack);
    }

    [Theory]
    [InlineData("0", "Queued")]
    [InlineData("2", "PreCopying")]
    public async Task One_that_is_to_be_cancelled_then_is(string limit, string state)
    {
        await using var coordination = await Start(("OutLimit", limit));
        coordination.Agents["host-a"].OnReport = _ => AgentDouble.Running(id);
        coordination.Agents["host-b"].OnReport = _ => AgentDouble.Absent;
        await Ask(coordination, c => c with { Deadline = Tonight, OnDeadline = OnDeadline.Cancel });
        await coordination.UntilState(id, state);
        await DeadlineComes(coordination);

        var saga = await coordination.UntilState(id, "Cancelled");
        Assert.Equal("deadline", saga.CancelRequestedBy);
        Assert.Contains("deadline missed", saga.CancelReason, StringComparison.Ordinal);
        Assert.Equal("deadline", (await Event(coordination, "migration.cancelled")).GetProperty("requestedBy").GetString());
    }

    [Fact]
    public async Task A_cancel_by_deadline_that_comes_after_the_end_is_no_fault_of_anybody()
    {
        await using var coordination = await Start();
        await Ask(coordination, c => c);
        await coordination.UntilState(id, "PreCopying");
        await End(coordination);
        await coordination.UntilState(id, "Completed");
        await coordination.Handled(Queues.Migrations, new RequestCancel { MigrationId = id, RequestedBy = "deadline", ByDeadline = true });
        Assert.False(await coordination.Read(db => db.Events.AnyAsync(e => e.MigrationId == id && e.RoutingKey == "command.rejected")));
    }

    [Fact]
    public async Task One_that_is_to_be_forced_goes_before_others_in_the_queue_and_breaks_no_limit()
    {
        var (first, other) = (Guest.Named("first"), Guest.Named("other"));
        await using var coordination = await Start([("OutLimit", "1")], web, first, other);
        var (firstId, otherId) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await coordination.Migrate(firstId, first, "host-b");
        await coordination.UntilState(firstId, "PreCopying");
        await coordination.Migrate(otherId, other, "host-b", priority: 8);
        await coordination.UntilState(otherId, "Queued");
        await Ask(coordination, c => c with { Deadline = Tonight, OnDeadline = OnDeadline.Force, Priority = 1 });
        await coordination.Until(async db => await db.Migrations.CountAsync(saga => saga.StateReason == "out:host-a 1/1") == 2);
        await DeadlineComes(coordination);

        var told = await Event(coordination, "migration.escalated");
        Assert.Equal(("priority", 9), (told.GetProperty("rung").GetString(), told.GetProperty("priority").GetInt32()));
        Assert.Contains("raised from 1 to 9", told.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, await coordination.Read(db => db.Slots.CountAsync(slot => slot.Lane == "out:host-a")));

        await End(coordination, firstId);
        await coordination.UntilState(firstId, "Completed");
        await coordination.UntilState(id, "PreCopying");
        Assert.Equal("Queued", await coordination.Read(db => db.Migrations.Where(saga => saga.CorrelationId == otherId).Select(saga => saga.CurrentState).SingleAsync()));

        // It was late before it moved, so its pause is not limited from the start.
        await Eventually.True(() => coordination.Agents["host-a"].Orders.OfType<ForceTransfer>().Any(order => order.MigrationId == id));
    }

    [Fact]
    public async Task One_that_moves_and_is_to_be_forced_is_ordered_to_switch_over()
    {
        await using var coordination = await Start();
        await Ask(coordination, c => c with { Deadline = Tonight, OnDeadline = OnDeadline.Force });
        await coordination.UntilState(id, "PreCopying");
        await DeadlineComes(coordination);

        var told = await Event(coordination, "migration.escalated");
        Assert.Equal(("downtime", "PT33M20S"), (told.GetProperty("rung").GetString(), told.GetProperty("downtimeLimit").GetString()));
        await Eventually.True(() => coordination.Agents["host-a"].Orders.OfType<ForceTransfer>().Any());
        var begin = coordination.Agents["host-a"].Orders.OfType<BeginTransfer>().First();
        var force = coordination.Agents["host-a"].Orders.OfType<ForceTransfer>().First();
        Assert.Equal((id, begin.Attempt, begin.Epoch, web.Uuid), (force.MigrationId, force.Attempt, force.Epoch, force.GuestUuid));

        // Its time to be looked at comes: the order is given again, and told once.
        await coordination.SendTo(Queues.Migrations, new CheckOn { MigrationId = id });
        await Eventually.True(() => coordination.Agents["host-a"].Orders.OfType<ForceTransfer>().Count() > 1);
        Assert.Single(await coordination.Story(id), key => key == "migration.escalated");
    }

    [Fact]
    public async Task Before_its_own_time_it_waits_outside_of_the_queue_and_then_goes_its_way()
    {
        await using var coordination = await Start();
        await Ask(coordination, c => c with { NotBefore = Tonight });
        var saga = await coordination.UntilState(id, "Requested");
        Assert.Contains("not before", saga.StateReason, StringComparison.Ordinal);
        await Eventually.True(() => coordination.Armed.ContainsKey(saga.NotBeforeToken!.Value));
        Assert.Equal(0, await coordination.Read(db => db.Waiting.CountAsync()));

        await coordination.Handled(Queues.Migrations, new ReachNotBefore { MigrationId = id, Token = Guid.NewGuid() });
        Assert.Equal("Requested", (await Saga(coordination)).CurrentState);

        await coordination.SendTo(Queues.Migrations, new ReachNotBefore { MigrationId = id, Token = saga.NotBeforeToken!.Value });
        await coordination.UntilState(id, "PreCopying");
        await End(coordination);
        await coordination.UntilState(id, "Completed");
    }

    [Fact]
    public async Task Before_its_own_time_it_can_be_cancelled()
    {
        await using var coordination = await Start();
        await Ask(coordination, c => c with { NotBefore = Tonight, Deadline = Tonight.AddHours(1) });
        var saga = await coordination.UntilState(id, "Requested");
        await coordination.Cancel(id);
        await coordination.UntilState(id, "Cancelled");
        await Eventually.True(() => coordination.TakenBack.Contains(saga.NotBeforeToken!.Value) && coordination.TakenBack.Contains(saga.DeadlineToken!.Value));
        await coordination.Handled(Queues.Migrations, new ReachNotBefore { MigrationId = id, Token = saga.NotBeforeToken!.Value });
        Assert.Equal(["migration.requested", "migration.cancelled"], await coordination.Story(id));
    }

    [Fact]
    public async Task A_start_whose_schedule_was_lost_is_found_by_the_sweep()
    {
        await using var coordination = await Start();
        await Ask(coordination, c => c with { NotBefore = Tonight });
        await coordination.UntilState(id, "Requested");
        await coordination.Read(db => db.Migrations.ExecuteUpdateAsync(set => set.SetProperty(saga => saga.NotBefore, DateTimeOffset.UtcNow).SetProperty(saga => saga.CheckAt, DateTimeOffset.UtcNow)));
        await coordination.UntilState(id, "PreCopying");
    }

    [Fact]
    public async Task One_that_may_begin_already_begins_at_once()
    {
        await using var coordination = await Start();
        await Ask(coordination, c => c with { NotBefore = DateTimeOffset.UtcNow.AddHours(-1) });
        await coordination.UntilState(id, "PreCopying");
        Assert.Empty(coordination.Armed);
    }

    [Fact]
    public async Task Times_that_cannot_be_are_refused_with_a_sentence()
    {
        await using var coordination = await Start();
        (Func<MigrateGuest, MigrateGuest> With, string Code, string Says)[] wrong =
        [
            (c => c with { Deadline = DateTimeOffset.UtcNow.AddMinutes(-1) }, "invalid-value", "is past"),
            (c => c with { OnDeadline = OnDeadline.Cancel }, "missing-member", "\"deadline\" is missing"),
            (c => c with { NotBefore = Tonight, Deadline = Tonight }, "invalid-value", "\"notBefore\" must be before \"deadline\""),
        ];
        foreach (var (with, code, says) in wrong)
        {
            var refused = Guid.CreateVersion7();
            await coordination.Command(with(new MigrateGuest { MigrationId = refused, Guest = "web", Destination = "host-b" }));
            var answer = await coordination.UntilRejected(refused);
            Assert.Equal(code, answer.GetProperty("code").GetString());
            Assert.Contains(says, answer.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
    }

    private Task<Coordination> Start(params (string, string)[] settings) => Start(settings, web);

    private static async Task<Coordination> Start((string, string)[] settings, params Guest[] guests)
    {
        var coordination = await Coordination.Start(["host-a", "host-b"], settings);
        coordination.Agents["host-a"].OnBegin = order => [AgentDouble.Began(order)];
        await coordination.Report("host-a", guests);
        await coordination.Report("host-b");
        return coordination;
    }

    private Task Ask(Coordination coordination, Func<MigrateGuest, MigrateGuest> with) =>
        coordination.Command(with(new MigrateGuest { MigrationId = id, Guest = web.Name, Destination = "host-b" }));

    private Task<MigrationSaga> Saga(Coordination coordination) => coordination.Read(db => db.Migrations.AsNoTracking().SingleAsync(saga => saga.CorrelationId == id));

    private async Task DeadlineComes(Coordination coordination) =>
        await coordination.SendTo(Queues.Migrations, new ReachDeadline { MigrationId = id, Token = (await Saga(coordination)).DeadlineToken!.Value });

    private Task End(Coordination coordination) => End(coordination, id);

    private static Task End(Coordination coordination, Guid migration)
    {
        coordination.Agents["host-a"].OnReport = order => order.MigrationId == migration ? AgentDouble.Absent : null;
        coordination.Agents["host-b"].OnReport = order => order.MigrationId == migration ? AgentDouble.Running(migration) : null;
        return coordination.SendTo(Queues.Migrations, new TransferEnded { MigrationId = migration, Attempt = 1, Epoch = 2 });
    }

    private async Task<JsonElement> Event(Coordination coordination, string key)
    {
        await coordination.Until(async db => await db.Events.AnyAsync(e => e.MigrationId == id && e.RoutingKey == key));
        return JsonDocument.Parse(await coordination.Read(db => db.Events.Where(e => e.MigrationId == id && e.RoutingKey == key).Select(e => e.Body).FirstAsync())).RootElement.Clone();
    }
}
