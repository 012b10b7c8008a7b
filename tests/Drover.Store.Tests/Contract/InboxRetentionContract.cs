using Drover.Store.Outbox;
using Drover.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Drover.Store.Tests.Contract;

/// <summary>How long a consumed message is remembered.</summary>
public abstract class InboxRetentionContract(Func<Task<TestHost.Place>> newPlace)
{
    [Fact]
    public async Task After_the_window_a_message_is_forgotten_unless_it_may_be_sent_again()
    {
        var place = await newPlace();
        var now = DateTime.UtcNow;
        InboxState[] rows = [Consumed(now.AddDays(-6)), Consumed(now.AddDays(-8)), Consumed(now.AddDays(-8))];
        await using (var db = TestHost.Context(place))
        {
            await db.Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
            db.AddRange(rows);
            db.Add(Parked(rows[2].MessageId, now));
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        using var host = TestHost.Build(place);
        await host.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.Is(2, () => InboxRows(place));
        await host.StopAsync(TestContext.Current.CancellationToken);

        await using var after = TestHost.Context(place);
        var left = await after.Inbox.Select(row => row.MessageId).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equivalent(new[] { rows[0].MessageId, rows[2].MessageId }, left, strict: true);
    }

    private static async Task<int> InboxRows(TestHost.Place place)
    {
        await using var db = TestHost.Context(place);
        return await db.Inbox.CountAsync(TestContext.Current.CancellationToken);
    }

    private static InboxState Consumed(DateTime at) => new() { MessageId = Guid.NewGuid(), ConsumerId = Guid.NewGuid(), ReceivedAt = at };

    private static OutboxMessage Parked(Guid messageId, DateTime now) => new()
    {
        MessageId = messageId, Destination = "exchange:nobody", Body = [1], ContentType = "application/json", MessageTypes = "", CreatedAt = now, UndeliverableAt = now,
    };
}

/// <summary>Retention on SQLite.</summary>
public sealed class An_inbox_on_SQLite() : InboxRetentionContract(Places.Embedded);

/// <summary>Retention on PostgreSQL.</summary>
public sealed class An_inbox_on_PostgreSQL(PrivatePostgres postgres, PrivateRabbitMq rabbitMq)
    : InboxRetentionContract(() => Places.Clustered(postgres, rabbitMq));
