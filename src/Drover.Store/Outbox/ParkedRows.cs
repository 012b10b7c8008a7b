using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Outbox;

/// <summary>What an operator may do with parked rows. Both may be repeated: a row that is not parked any more is not touched.</summary>
public sealed class ParkedRows
{
    /// <summary>The most rows that one call takes.</summary>
    public const int MostAtOnce = 1000;

    private readonly DbContext db;
    private readonly DurableHop hop;
    private readonly OutboxWakeUp wakeUp;
    private readonly TimeProvider time;

    internal ParkedRows(DbContext db, DurableHop hop, OutboxWakeUp wakeUp, TimeProvider time) => (this.db, this.hop, this.wakeUp, this.time) = (db, hop, wakeUp, time);

    /// <summary>Has them sent again, with as long to live as they had.</summary>
    /// <param name="rows">Their numbers; null for all, oldest first, up to <see cref="MostAtOnce"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> Retry(IReadOnlyCollection<long>? rows, CancellationToken cancellationToken)
    {
        await using var transaction = await db.BeginWriteTransaction(cancellationToken);
        var retried = 0;
        foreach (var row in await Chosen(rows, cancellationToken))
        {
            DateTime? none = null;
            string? nothing = null;
            var expires = time.GetUtcNow().UtcDateTime + (row.ExpiresAt - row.CreatedAt);
            retried += await Parked.Where(other => other.SequenceNumber == row.SequenceNumber).ExecuteUpdateAsync(
                set => set.SetProperty(other => other.UndeliverableAt, none).SetProperty(other => other.UndeliverableReason, nothing).SetProperty(other => other.ExpiresAt, expires),
                cancellationToken);
            hop.Forget(row.SequenceNumber);
        }

        wakeUp.RowAdded(db);
        await transaction.Commit(cancellationToken);
        return retried;
    }

    /// <summary>Deletes them: what they said is lost.</summary>
    /// <param name="rows">Their numbers; null for all, oldest first, up to <see cref="MostAtOnce"/>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> Drop(IReadOnlyCollection<long>? rows, CancellationToken cancellationToken)
    {
        await using var transaction = await db.BeginWriteTransaction(cancellationToken);
        var chosen = (await Chosen(rows, cancellationToken)).ConvertAll(row => row.SequenceNumber);
        var dropped = await Parked.Where(row => chosen.Contains(row.SequenceNumber)).ExecuteDeleteAsync(cancellationToken);
        await transaction.Commit(cancellationToken);
        chosen.ForEach(hop.Forget);
        return dropped;
    }

    private IQueryable<OutboxMessage> Parked => db.Set<OutboxMessage>().AsNoTracking().Where(row => row.UndeliverableAt != null);

    private Task<List<OutboxMessage>> Chosen(IReadOnlyCollection<long>? rows, CancellationToken cancellationToken) =>
        (rows is null ? Parked : Parked.Where(row => rows.Contains(row.SequenceNumber))).OrderBy(row => row.SequenceNumber).Take(MostAtOnce).ToListAsync(cancellationToken);
}
