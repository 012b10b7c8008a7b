using Drover.Store.Outbox;
using Drover.Store.Schema;
using Drover.Store.Views;
using Drover.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Drover.Store.Tests.Views;

/// <summary>What coordinators ask before they write more that would only wait behind it.</summary>
public sealed class When_the_outbox_is_asked_whether_it_is_stuck(PrivatePostgres postgres) : IDisposable
{
    private static readonly DateTimeOffset Then = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("drover-outbox-test-").FullName;

    [Theory]
    [InlineData(Database.Postgres)]
    [InlineData(Database.Sqlite)]
    public async Task Only_an_old_row_that_no_consumer_wrote_and_that_can_be_delivered_says_so(Database database)
    {
        var options = database == Database.Sqlite
            ? new StoreOptions { Database = database, ConnectionString = $"Data Source={folder}/drover.db" }
            : new StoreOptions { ConnectionString = await postgres.CreateDatabase() };
        await using var programs = new ServiceCollection().AddDroverStore(options).BuildServiceProvider();
        await using var scope = programs.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DroverDbContext>();
        await db.ApplySchema(TestContext.Current.CancellationToken);
        Assert.False(await IsStuck());

        await Add(Row(Then.AddSeconds(1)));
        await Add(Row(Then.AddHours(-1), byConsumer: true));
        await Add(Row(Then.AddHours(-1), parked: true));
        Assert.False(await IsStuck());

        await Add(Row(Then.AddSeconds(-1)));
        Assert.True(await IsStuck());

        Task<bool> IsStuck() => OutboxQuery.IsStuck(db, Then, TestContext.Current.CancellationToken);
        Task<int> Add(OutboxMessage row)
        {
            db.Add(row);
            return db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static OutboxMessage Row(DateTimeOffset createdAt, bool byConsumer = false, bool parked = false) => new()
    {
        MessageId = Guid.NewGuid(),
        InboxMessageId = byConsumer ? Guid.NewGuid() : null,
        InboxConsumerId = byConsumer ? Guid.NewGuid() : null,
        Destination = "queue:drover.migrations",
        Body = [],
        ContentType = "application/json",
        MessageTypes = "",
        CreatedAt = createdAt.UtcDateTime,
        UndeliverableAt = parked ? createdAt.UtcDateTime : null,
        UndeliverableReason = parked ? "nobody takes it" : null,
    };
}
