using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Drover.Coordinator.Migrations;
using Drover.Coordinator.Retention;
using Drover.Testing;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Tests;

public class When_a_migration_ended_long_ago(PrivatePostgres postgres)
{
    private readonly (Guid Old, Guid Young, Guid Running) id = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
    private readonly Guest[] guests = [Guest.Named("old"), Guest.Named("young"), Guest.Named("running")];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_goes_with_all_that_was_said_of_it_and_its_id_stays_known(bool onPostgres)
    {
        await using var coordination = await Start(onPostgres);
        await coordination.Handled(Queues.Retention, new TakeEnded());

        Assert.Equal(new[] { id.Young, id.Running }.Order(), (await coordination.Read(db => db.Migrations.Select(saga => saga.CorrelationId).ToListAsync())).Order());
        Assert.False(await coordination.Read(async db => await db.Events.AnyAsync(row => row.MigrationId == id.Old) || await db.Journal.AnyAsync(row => row.MigrationId == id.Old)));
        Assert.Equal(id.Old, (await coordination.Read(db => db.Tombstones.SingleAsync())).MigrationId);
        Assert.Equal("migration.completed", (await coordination.Story(id.Young))[^1]);
        await Eventually.True(() => coordination.Rounds.Any(at => at > DateTime.UtcNow.AddMinutes(5)));

        // The same request again is the same migration, which has ended; another one may not have its id.
        await Ask(coordination, id.Old, guests[0]);
        await coordination.Migrate(id.Old, guests[0], "host-b", reason: "another body");
        var answer = await coordination.UntilRejected(id.Old);
        Assert.Equal("id-reused", answer.GetProperty("code").GetString());
        await coordination.Handled(Queues.Migrations, new RequestMigration
        {
            MigrationId = id.Old, BodyDigest = (await coordination.Read(db => db.Tombstones.SingleAsync())).BodyDigest,
            Guest = "old", GuestUuid = guests[0].Uuid, GuestMemoryBytes = 1, Source = "host-a", Destination = "host-b", Priority = 5,
        });
        await coordination.Handled(Queues.Migrations, new TransferEnded { MigrationId = id.Old, Attempt = 1, Epoch = 2 });
        Assert.False(await coordination.Read(db => db.Migrations.AnyAsync(saga => saga.CorrelationId == id.Old)));
        Assert.Equal(1, await coordination.Read(db => db.Events.CountAsync(row => row.MigrationId == id.Old)));
    }

    [Fact]
    public async Task A_cancel_of_it_is_told_that_it_has_ended()
    {
        await using var coordination = await Start(onPostgres: false);
        await coordination.Handled(Queues.Retention, new TakeEnded());
        await coordination.Cancel(id.Old);
        Assert.Equal("already-ended", (await coordination.UntilRejected(id.Old)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_belongs_to_no_migration_goes_too()
    {
        await using var coordination = await Start(onPostgres: false);
        var nobody = Guid.CreateVersion7();
        await coordination.Cancel(nobody);
        await coordination.UntilRejected(nobody);
        var longAgo = DateTimeOffset.UtcNow.AddDays(-2);
        await coordination.Read(db => db.Events.Where(row => row.MigrationId == nobody || row.MigrationId == null).ExecuteUpdateAsync(set => set.SetProperty(row => row.OccurredAt, longAgo)));
        await coordination.Handled(Queues.Retention, new TakeEnded());
        Assert.Equal(0, await coordination.Read(db => db.Events.CountAsync(row => row.MigrationId == nobody || row.MigrationId == null)));
        Assert.Equal("migration.completed", (await coordination.Story(id.Young))[^1]);
    }

    /// <summary>Three migrations: one ended two days ago, one now, one moves. What ended is kept for a day.</summary>
    private async Task<Coordination> Start(bool onPostgres)
    {
        var coordination = await Coordination.Start(["host-a", "host-b"], [("KeepEndedFor", "1.00:00:00"), ("OutLimit", "3"), ("InLimit", "3")], onPostgres ? await postgres.CreateDatabase() : null, null);
        coordination.Agents["host-a"].OnBegin = order => order.MigrationId == id.Running ? [AgentDouble.Began(order)] : [AgentDouble.Began(order), AgentDouble.Ended(order)];
        coordination.Agents["host-a"].OnReport = order => order.MigrationId == id.Running ? null : AgentDouble.Absent;
        coordination.Agents["host-b"].OnReport = order => order.MigrationId == id.Running ? null : AgentDouble.Running(order.MigrationId);
        await coordination.Report("host-a", guests);
        await coordination.Report("host-b");
        await Ask(coordination, id.Old, guests[0]);
        await Ask(coordination, id.Young, guests[1]);
        await Ask(coordination, id.Running, guests[2]);
        await coordination.UntilState(id.Old, "Completed");
        await coordination.UntilState(id.Young, "Completed");
        await coordination.UntilState(id.Running, "PreCopying");
        var longAgo = DateTimeOffset.UtcNow.AddDays(-2);
        await coordination.Read(db => db.Migrations.Where(saga => saga.CorrelationId == id.Old).ExecuteUpdateAsync(set => set.SetProperty(saga => saga.EndedAt, longAgo)));
        await coordination.Read(db => db.Migrations.Where(saga => saga.CorrelationId == id.Running).ExecuteUpdateAsync(set => set.SetProperty(saga => saga.RequestedAt, longAgo)));
        return coordination;
    }

    private static Task Ask(Coordination coordination, Guid id, Guest guest) =>
        coordination.Command(new MigrateGuest { MigrationId = id, Guest = guest.Name, Destination = "host-b" });
}
