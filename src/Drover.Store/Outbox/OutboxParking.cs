using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Drover.Store.Outbox;

/// <summary>Sets rows aside that nobody can receive, so that they poison no sweep, and tells those who want to know.</summary>
internal sealed class OutboxParking<TDbContext>(IServiceScopeFactory scopes, TimeProvider time, ILogger<OutboxParking<TDbContext>> logger)
    where TDbContext : DbContext
{
    public async Task Park(OutboxMessage row, string reason, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<TDbContext>();
            await using var transaction = await db.BeginWriteTransaction(cancellationToken);
            if (!await Mark(db, row, reason, cancellationToken))
                return;
            var dealtWith = false;
            foreach (var observer in scope.ServiceProvider.GetServices<IUndeliverableMessageObserver>())
                dealtWith |= await observer.Undeliverable(row, reason, cancellationToken);
            if (dealtWith)
                await db.Set<OutboxMessage>().Where(other => other.SequenceNumber == row.SequenceNumber).ExecuteDeleteAsync(cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.Commit(cancellationToken);
            if (!dealtWith)
                Log.Parked(logger, row.SequenceNumber, row.Destination, reason);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.ParkingFailed(logger, exception, row.SequenceNumber);
        }
    }

    /// <summary>False when another process has parked the row already.</summary>
    private async Task<bool> Mark(TDbContext db, OutboxMessage row, string reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var marked = await db.Set<OutboxMessage>()
            .Where(other => other.SequenceNumber == row.SequenceNumber && other.UndeliverableAt == null)
            .ExecuteUpdateAsync(
                set => set.SetProperty(other => other.UndeliverableAt, now).SetProperty(other => other.UndeliverableReason, reason), cancellationToken);
        return marked == 1;
    }
}
