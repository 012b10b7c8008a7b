using Drover.Store.Outbox;
using Drover.Testing;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Drover.Coordinator.Tests;

/// <summary>As SIGSTOP and SIGCONT do: it holds a transaction, others go on, and it goes on with what it had seen.</summary>
public class When_a_coordinator_is_stopped_for_a_while(PrivatePostgres postgres)
{
    private static readonly Guest Web = Guest.Named("web");
    private readonly Guid id = Guid.CreateVersion7();

    private async Task<Coordination> Queued()
    {
        var coordination = await Coordination.Start(["host-a", "host-b"], [("OutLimit", "0")], await postgres.CreateDatabase(), null);
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b");
        await coordination.Migrate(id, Web, "host-b");
        await coordination.Until(db => db.Events.AnyAsync(e => e.RoutingKey == "migration.queued"));
        return coordination;
    }

    [Fact]
    public async Task The_server_ends_its_transaction_the_others_go_on_and_it_can_commit_nothing()
    {
        await using var coordination = await Queued();
        await coordination.Read(async stopped =>
        {
            await using var transaction = await stopped.BeginWriteTransaction(TestContext.Current.CancellationToken);
            Assert.Equal("20s", await stopped.Database.SqlQuery<string>($"SELECT current_setting('idle_in_transaction_session_timeout') AS \"Value\"").SingleAsync());
            await stopped.Database.ExecuteSqlAsync($"SET LOCAL idle_in_transaction_session_timeout = 500");     // the test is in more of a hurry
            var saga = (await stopped.Migrations.FromSql($"SELECT * FROM migration WHERE correlation_id = {id} FOR UPDATE").ToListAsync()).Single();

            // It is stopped here, with the row's lock in its hands.
            await coordination.Cancel(id);
            await coordination.UntilState(id, "Cancelled");

            saga.StateReason = "decided by somebody who was away";
            var error = await Assert.ThrowsAnyAsync<Exception>(() => stopped.SaveChangesAsync(TestContext.Current.CancellationToken));
            Assert.True(error is NpgsqlException || error.InnerException is NpgsqlException, error.ToString());
            return true;
        });
        Assert.Equal("cancelled while queued", (await coordination.UntilState(id, "Cancelled")).StateReason);
    }

    [Fact]
    public async Task What_it_had_read_without_a_lock_does_not_overwrite_what_was_decided_since()
    {
        await using var coordination = await Queued();
        await coordination.Read(async stopped =>
        {
            var saga = await stopped.Migrations.SingleAsync(row => row.CorrelationId == id);
            await coordination.Cancel(id);
            await coordination.UntilState(id, "Cancelled");
            (saga.StateReason, saga.Version) = ("decided by somebody who was away", saga.Version + 1);
            await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => stopped.SaveChangesAsync(TestContext.Current.CancellationToken));
            return true;
        });
        Assert.Equal(["migration.requested", "migration.queued", "migration.cancelled"], await coordination.Story(id));
    }
}
