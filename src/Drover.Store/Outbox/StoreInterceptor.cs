using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Drover.Store.Outbox;

/// <summary>What happens beside a DbContext's own work: commits wake the sweeper, and SQLite writes ahead (readers never wait for the writer).</summary>
internal sealed class StoreInterceptor(OutboxWakeUp wakeUp) : ISaveChangesInterceptor, IDbTransactionInterceptor, IDbConnectionInterceptor
{
    public int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        // Inside of a transaction nothing is visible yet: TransactionCommitted follows.
        if (eventData.Context?.Database.CurrentTransaction is null)
            wakeUp.Committed(eventData.Context);
        return result;
    }

    public ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(SavedChanges(eventData, result));

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => wakeUp.Committed(eventData.Context);

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        wakeUp.Committed(eventData.Context);
        return Task.CompletedTask;
    }

    public void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (connection is not SqliteConnection sqlite)
            return;

        // synchronous stays FULL, SQLite's default: what was acknowledged survives a loss of power too.
        using var command = sqlite.CreateCommand();
        command.CommandText = "PRAGMA journal_mode=WAL;";
        command.ExecuteNonQuery();
    }

    public Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
