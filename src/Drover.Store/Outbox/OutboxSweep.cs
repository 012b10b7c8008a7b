using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Drover.Store.Outbox;

/// <summary>One pass over the outbox: rows written outside of consumers at once, consumers' rows when they are old enough to have been left behind.</summary>
internal sealed class OutboxSweep<TDbContext>(
    IServiceScopeFactory scopes, EntityFrameworkOutboxConfigurator options, OutboxDelivery<TDbContext> delivery, DurableHop hop, TimeProvider time,
    ILogger<OutboxSweep<TDbContext>> logger)
    where TDbContext : DbContext
{
    private readonly DateTime startedAt = time.GetUtcNow().UtcDateTime;

    /// <summary>Returns how many rows were sent.</summary>
    public async Task<int> Once(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDbContext>();
        var outcome = db.IsSqlite() || hop.Enabled ? await Alone(db, cancellationToken) : await Shared(db, cancellationToken);
        await delivery.Park(outcome, cancellationToken);
        if (outcome.Sent.Count(row => row.InboxMessageId is not null) is > 0 and var leftBehind)
            Log.LeftBehindDelivered(logger, leftBehind);
        return outcome.Sent.Count;
    }

    /// <summary>Several processes share the work: the rows stay locked while they are sent, others skip them.</summary>
    private async Task<OutboxDelivery<TDbContext>.Outcome> Shared(TDbContext db, CancellationToken cancellationToken)
    {
        await using var transaction = await db.BeginWriteTransaction(cancellationToken);
        var due =
            $$"""
            SELECT * FROM {{db.TableOf<OutboxMessage>()}}
            WHERE undeliverable_at IS NULL AND (inbox_message_id IS NULL OR created_at < {0})
            ORDER BY seq LIMIT {1} FOR UPDATE SKIP LOCKED
            """;
        var rows = await db.Set<OutboxMessage>().FromSqlRaw(due, Now - options.DeliveryGrace, options.QueryMessageLimit).AsNoTracking().ToListAsync(cancellationToken);
        var outcome = await delivery.Send(rows, cancellationToken);
        await Delete(db, outcome, cancellationToken);
        await transaction.Commit(cancellationToken);
        return outcome;
    }

    /// <summary>One process has the table to itself: nothing is locked while the rows are sent.</summary>
    private async Task<OutboxDelivery<TDbContext>.Outcome> Alone(TDbContext db, CancellationToken cancellationToken)
    {
        // Rows from before the start were left by a process that is gone: no need to wait for their consumer.
        var leftBehind = startedAt > Now - options.DeliveryGrace ? startedAt : Now - options.DeliveryGrace;
        var due = await db.Set<OutboxMessage>()
            .Where(row => row.UndeliverableAt == null && (row.InboxMessageId == null || row.CreatedAt < leftBehind))
            .OrderBy(row => row.SequenceNumber).Select(row => row.SequenceNumber).ToListAsync(cancellationToken);
        var next = due.Where(row => !hop.IsClaimed(row)).Take(options.QueryMessageLimit).ToList();
        if (next.Count == 0)
            return new([], []);

        var rows = await db.Set<OutboxMessage>().AsNoTracking()
            .Where(row => next.Contains(row.SequenceNumber)).OrderBy(row => row.SequenceNumber).ToListAsync(cancellationToken);
        var outcome = await delivery.Send(rows, cancellationToken);
        if (!outcome.Done.Any())
            return outcome;
        await using var transaction = await db.BeginWriteTransaction(cancellationToken);
        await Delete(db, outcome, cancellationToken);
        await transaction.Commit(cancellationToken);
        return outcome;
    }

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    private static Task Delete(TDbContext db, OutboxDelivery<TDbContext>.Outcome outcome, CancellationToken cancellationToken)
    {
        var done = outcome.Done.ToList();
        return done.Count == 0 ? Task.CompletedTask
            : db.Set<OutboxMessage>().Where(row => done.Contains(row.SequenceNumber)).ExecuteDeleteAsync(cancellationToken);
    }
}
