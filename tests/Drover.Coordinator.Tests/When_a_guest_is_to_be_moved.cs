using System.Collections.Concurrent;
using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Tests;

public class When_a_guest_is_to_be_moved
{
    private static readonly Guest Web = Guest.Named("web-1");
    private readonly Guid id = Guid.CreateVersion7();

    private static async Task<Coordination> TwoHosts(params (string, string)[] settings)
    {
        var coordination = await Coordination.Start(["host-a", "host-b"], settings);
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b");
        coordination.Agents["host-a"].OnReport = _ => AgentDouble.Absent;
        coordination.Agents["host-b"].OnReport = order => AgentDouble.Running(order.MigrationId);
        return coordination;
    }

    private static async Task SlotsAreFree(Coordination coordination)
    {
        Assert.Equal(0, await coordination.Read(db => db.Slots.CountAsync()));
        Assert.Equal(0, await coordination.Read(db => db.Waiting.CountAsync()));
    }

    [Fact]
    public async Task It_is_admitted_prepared_moved_and_completed_by_both_hosts_evidence()
    {
        await using var coordination = await TwoHosts();
        await coordination.Migrate(id, Web, "host-b");
        var saga = await coordination.UntilState(id, "Completed");
        Assert.Equal(TimeSpan.FromMilliseconds(12), saga.Downtime);
        Assert.Equal(["migration.requested", "migration.admitted", "migration.started", "migration.completed"], await coordination.Story(id));
        await SlotsAreFree(coordination);
        Assert.Equal("host-b", await coordination.Read(db => db.Guests.Select(guest => guest.Host).SingleAsync()));
    }

    [Fact]
    public async Task What_is_published_is_what_the_event_table_keeps()
    {
        await using var coordination = await TwoHosts();
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "Completed");
        await coordination.Until(_ => Task.FromResult(coordination.Published.Count(e => e.Key.StartsWith("migration.", StringComparison.Ordinal)) == 4));
        var completed = coordination.Published.Single(e => e.Key == "migration.completed").Body;
        Assert.Equal(id, completed.GetProperty("migrationId").GetGuid());
        Assert.Equal(4, completed.GetProperty("sequence").GetInt64());
        Assert.Equal("PT0.012S", completed.GetProperty("downtime").GetString());
    }

    [Fact]
    public async Task The_same_request_again_is_the_same_migration()
    {
        await using var coordination = await TwoHosts();
        await coordination.Migrate(id, Web, "host-b");
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "Completed");
        await coordination.Migrate(id, Web, "host-b");
        await coordination.Cancel(Guid.Empty == id ? id : Guid.CreateVersion7());
        await coordination.Until(db => db.Events.AnyAsync(e => e.RoutingKey == "command.rejected"));
        Assert.Equal(4, (await coordination.Story(id)).Count);
        Assert.Single(coordination.Agents["host-a"].Orders.OfType<BeginTransfer>());
        Assert.Equal("unknown-migration", (await coordination.Read(db => db.Events.SingleAsync(e => e.RoutingKey == "command.rejected"))).Body.Split("\"code\":\"")[1].Split('"')[0]);
    }

    [Fact]
    public async Task The_same_id_with_other_content_is_refused()
    {
        await using var coordination = await TwoHosts();
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "Completed");
        await coordination.Migrate(id, Web, "host-b", reason: "another one");
        Assert.Equal("id-reused", (await coordination.UntilRejected(id)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_guest_that_is_in_an_unfinished_migration_is_not_moved_by_another()
    {
        await using var coordination = await TwoHosts();
        coordination.Agents["host-a"].OnBegin = order => [AgentDouble.Began(order)];
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "PreCopying");
        var second = Guid.CreateVersion7();
        await coordination.Migrate(second, Web, "host-b");
        Assert.Equal("guest-busy", (await coordination.UntilRejected(second)).GetProperty("code").GetString());
        Assert.Equal(1, await coordination.Read(db => db.Migrations.CountAsync()));
    }

    [Fact]
    public async Task The_next_migration_of_the_same_guest_gives_orders_of_a_higher_epoch()
    {
        await using var coordination = await TwoHosts();
        await coordination.Migrate(id, Web, "host-b");
        var first = await coordination.UntilState(id, "Completed");
        coordination.Agents["host-a"].OnReport = order => AgentDouble.Running(order.MigrationId);
        coordination.Agents["host-b"].OnReport = _ => AgentDouble.Absent;
        var back = Guid.CreateVersion7();
        await coordination.Migrate(back, Web, "host-a");
        await coordination.UntilState(back, "Completed");
        Assert.True(coordination.Agents["host-b"].Orders.OfType<CheckSource>().Single().Epoch > first.Epoch);
    }

    [Fact]
    public async Task A_guest_whose_mark_has_seen_more_than_the_database_knows_is_ordered_above_its_mark()
    {
        await using var coordination = await Coordination.Start(["host-a", "host-b"]);
        coordination.Agents["host-a"].MarkEpoch = 41;
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b");
        coordination.Agents["host-a"].OnReport = _ => AgentDouble.Absent;
        coordination.Agents["host-b"].OnReport = order => AgentDouble.Running(order.MigrationId);
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "Completed");
        Assert.Equal(42, coordination.Agents["host-a"].Orders.OfType<CheckSource>().Single().Epoch);
    }

    [Fact]
    public async Task A_host_that_refuses_ends_it_before_anything_moved()
    {
        await using var coordination = await TwoHosts();
        coordination.Agents["host-b"].OnCheckDestination = order =>
            new DestinationChecked { MigrationId = order.MigrationId, Attempt = 1, Epoch = order.Epoch, Refusal = "64 MiB of memory are free, 256 MiB are needed" };
        await coordination.Migrate(id, Web, "host-b");
        var saga = await coordination.UntilState(id, "Failed");
        Assert.Contains("64 MiB", saga.StateReason, StringComparison.Ordinal);
        Assert.DoesNotContain(coordination.Agents["host-a"].Orders, order => order is BeginTransfer);
        await SlotsAreFree(coordination);
    }

    [Fact]
    public async Task A_transfer_that_ends_with_an_error_is_failed_only_when_the_guest_is_seen_on_its_source()
    {
        await using var coordination = await TwoHosts();
        coordination.Agents["host-a"].OnBegin = order => [AgentDouble.Began(order), AgentDouble.Ended(order, "client socket is closed")];
        coordination.Agents["host-a"].OnReport = order => AgentDouble.Running(order.MigrationId);
        coordination.Agents["host-b"].OnReport = _ => AgentDouble.Absent;
        await coordination.Migrate(id, Web, "host-b");
        var saga = await coordination.UntilState(id, "Failed");
        Assert.Contains("client socket is closed", saga.StateReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_does_not_outweigh_a_guest_that_runs_on_its_destination()
    {
        await using var coordination = await TwoHosts();
        coordination.Agents["host-a"].OnBegin = order => [AgentDouble.Began(order), AgentDouble.Ended(order, "connection lost")];
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "Completed");
    }

    [Fact]
    public async Task A_silent_destination_leaves_it_unsure_with_its_slots_held_and_its_answer_ends_that()
    {
        await using var coordination = await TwoHosts();
        coordination.Agents["host-b"].OnReport = _ => null;
        await coordination.Migrate(id, Web, "host-b");
        await coordination.Until(db => db.Migrations.AnyAsync(saga => saga.CorrelationId == id && saga.TransferOver));

        // Time passes: the question grows old. The table's clock is the row, so the row is what the test sets.
        await coordination.Read(db => db.Migrations.ExecuteUpdateAsync(set => set.SetProperty(s => s.AskedAt, DateTimeOffset.UnixEpoch).SetProperty(s => s.CheckAt, DateTimeOffset.UnixEpoch)));
        await coordination.UntilState(id, "Unsure");
        Assert.Equal(2, await coordination.Read(db => db.Slots.CountAsync()));

        coordination.Agents["host-b"].OnReport = order => AgentDouble.Running(order.MigrationId);
        await coordination.Read(db => db.Migrations.ExecuteUpdateAsync(set => set.SetProperty(s => s.CheckAt, DateTimeOffset.UnixEpoch)));
        await coordination.UntilState(id, "Completed");
        Assert.Equal(["migration.requested", "migration.admitted", "migration.started", "migration.unsure", "migration.completed"], await coordination.Story(id));
    }

    [Fact]
    public async Task A_guest_found_on_its_source_without_word_from_its_agent_is_barred_before_it_is_called_failed()
    {
        await using var coordination = await TwoHosts();
        var source = coordination.Agents["host-a"];
        source.OnBegin = order => [AgentDouble.Began(order)]; // and then the agent dies and forgets
        source.OnReport = order => AgentDouble.Running(order.MigrationId);
        coordination.Agents["host-b"].OnReport = _ => AgentDouble.Absent;
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "PreCopying");
        await coordination.Read(db => db.Migrations.ExecuteUpdateAsync(set => set.SetProperty(s => s.CheckAt, DateTimeOffset.UnixEpoch)));
        await coordination.UntilState(id, "Failed");
        var begin = source.Orders.OfType<BeginTransfer>().Single();
        Assert.All(source.Orders.OfType<AbortTransfer>(), abort => Assert.True(abort.Epoch > begin.Epoch));
        Assert.NotEmpty(source.Orders.OfType<AbortTransfer>());
    }

    [Fact]
    public async Task Cancel_while_it_waits_takes_it_out_of_the_queue()
    {
        await using var coordination = await TwoHosts(("OutLimit", "0"));
        await coordination.Migrate(id, Web, "host-b");
        await coordination.Until(db => db.Events.AnyAsync(e => e.RoutingKey == "migration.queued"));
        var queued = await coordination.Read(db => db.Migrations.SingleAsync());
        Assert.Equal("out:host-a 0/0", queued.StateReason);
        await coordination.Cancel(id);
        await coordination.UntilState(id, "Cancelled");
        await SlotsAreFree(coordination);
    }

    [Fact]
    public async Task Cancel_while_memory_moves_ends_cancelled_once_the_guest_is_seen_on_its_source()
    {
        await using var coordination = await TwoHosts();
        coordination.Agents["host-a"].OnBegin = order => [AgentDouble.Began(order)];
        coordination.Agents["host-a"].OnReport = order => AgentDouble.Running(order.MigrationId);
        coordination.Agents["host-b"].OnReport = _ => AgentDouble.Absent;
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "PreCopying");
        await coordination.Cancel(id);
        await coordination.UntilState(id, "Cancelled");
        await SlotsAreFree(coordination);
        await coordination.Cancel(id);
        Assert.Equal("already-ended", (await coordination.UntilRejected(id)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_copy_that_was_coming_when_it_was_cancelled_makes_its_name_ambiguous_no_longer()
    {
        await using var coordination = await TwoHosts();
        coordination.Agents["host-a"].OnBegin = order => [AgentDouble.Began(order)];
        coordination.Agents["host-a"].OnReport = order => AgentDouble.Running(order.MigrationId);
        coordination.Agents["host-b"].OnReport = _ => AgentDouble.Absent;
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "PreCopying");
        await coordination.Report("host-b", Web); // its destination's inventory sees the copy, and has not been sent again yet
        await coordination.Cancel(id);
        await coordination.UntilState(id, "Cancelled");
        Assert.Equal("host-a", await coordination.Read(db => db.Guests.Select(guest => guest.Host).SingleAsync()));
    }

    [Fact]
    public async Task Cancel_that_comes_too_late_ends_completed()
    {
        await using var coordination = await TwoHosts();
        coordination.Agents["host-a"].OnBegin = order => [AgentDouble.Began(order)];
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "PreCopying");
        await coordination.Cancel(id);
        await coordination.UntilState(id, "Completed");
    }

    [Fact]
    public async Task An_order_that_no_agent_took_ends_it_while_nothing_has_been_sent()
    {
        await using var coordination = await TwoHosts();
        coordination.Agents["host-b"].OnCheckDestination = _ => null;
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "Preparing");
        await coordination.SendTo(Bus.Queues.Migrations, new OrderReturned { MigrationId = id, Host = "host-b", Order = "CheckDestination", Epoch = 1, Reason = "no agent took it in its time" });
        var saga = await coordination.UntilState(id, "Failed");
        Assert.Contains("host-b", saga.StateReason, StringComparison.Ordinal);
        await SlotsAreFree(coordination);
    }

    [Fact]
    public async Task No_more_run_at_once_than_the_lanes_allow_and_every_one_ends()
    {
        var guests = Enumerable.Range(1, 12).Select(n => Guest.Named($"guest-{n}")).ToArray();
        await using var coordination = await Coordination.Start(["host-a", "host-b", "host-c"], ("OutLimit", "3"), ("InLimit", "2"));
        await coordination.Report("host-a", guests);
        await coordination.Report("host-b");
        await coordination.Report("host-c");
        coordination.Agents["host-a"].OnReport = _ => AgentDouble.Absent;
        foreach (var host in new[] { "host-b", "host-c" })
            coordination.Agents[host].OnReport = order => AgentDouble.Running(order.MigrationId);
        var most = 0;
        var over = new ConcurrentQueue<string>();
        coordination.Agents["host-a"].BeforeBegin = async () =>
        {
            foreach (var lane in await coordination.Read(db => db.Slots.GroupBy(slot => slot.Lane).Select(lane => new { Name = lane.Key, Held = lane.Count() }).ToListAsync()))
            {
                most = Math.Max(most, lane.Held);
                if (lane.Held > (lane.Name.StartsWith("out:", StringComparison.Ordinal) ? 3 : 2))
                    over.Enqueue($"{lane.Name} held {lane.Held}");
            }
        };
        foreach (var (guest, n) in guests.Select((guest, n) => (guest, n)))
            await coordination.Migrate(Guid.CreateVersion7(), guest, n % 2 == 0 ? "host-b" : "host-c");
        await coordination.Until(async db => await db.Migrations.CountAsync(saga => saga.CurrentState == "Completed") == 12);
        Assert.Empty(over);
        Assert.True(most >= 2);
        await SlotsAreFree(coordination);
    }
}
