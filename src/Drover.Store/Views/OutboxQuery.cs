using System.Globalization;
using System.Text;
using Drover.Contracts.Views;
using Drover.Store.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Views;

/// <summary>Reads the outbox as an operator sees it: one more queue.</summary>
public static class OutboxQuery
{
    /// <summary>Its name among the queues.</summary>
    public const string Name = "outbox";

    private const int MostBody = 64 << 10;

    /// <summary>How much waits and how much is parked.</summary>
    public static async Task<QueueView> Read(DroverDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var rows = db.Set<OutboxMessage>().AsNoTracking();
        var (waiting, parked) = (rows.Where(row => row.UndeliverableAt == null), rows.Where(row => row.UndeliverableAt != null));
        return new QueueView
        {
            Queue = Name,
            Messages = await waiting.LongCountAsync(cancellationToken),
            Failed = await parked.LongCountAsync(cancellationToken),
            OldestAt = Instant(await waiting.MinAsync(row => (DateTime?)row.CreatedAt, cancellationToken)),
            OldestFailureAt = Instant(await parked.MinAsync(row => row.UndeliverableAt, cancellationToken)),
        };
    }

    /// <summary>Whether nothing leaves: what was written by no consumer before that time is still there. The broker is away then, and more would only wait behind it.</summary>
    public static Task<bool> IsStuck(DroverDbContext db, DateTimeOffset since, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Set<OutboxMessage>().AnyAsync(row => row.UndeliverableAt == null && row.InboxMessageId == null && row.CreatedAt < since.UtcDateTime, cancellationToken);
    }

    /// <summary>The parked rows, oldest first.</summary>
    public static async Task<IReadOnlyList<FailedMessageView>> Failed(DroverDbContext db, int limit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var rows = await db.Set<OutboxMessage>().AsNoTracking().Where(row => row.UndeliverableAt != null)
            .OrderBy(row => row.SequenceNumber).Take(limit).ToListAsync(cancellationToken);
        return [.. rows.Select(row => new FailedMessageView
        {
            Id = row.SequenceNumber.ToString(CultureInfo.InvariantCulture),
            Queue = row.Destination.Split(':', '?')[1],
            Type = row.MessageTypes.Split(';')[0].Split(':')[^1] is { Length: > 0 } type ? type : null,
            MessageId = row.MessageId.ToString(),
            FailedAt = Instant(row.UndeliverableAt),
            Reason = row.UndeliverableReason ?? "",
            Body = Encoding.UTF8.GetString(row.Body.AsSpan(0, Math.Min(row.Body.Length, MostBody))),
        })];
    }

    private static DateTimeOffset? Instant(DateTime? utc) => utc is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : null;
}
