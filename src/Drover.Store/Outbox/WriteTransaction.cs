using System.Collections.Concurrent;
using System.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Drover.Store.Outbox;

/// <summary>
/// A transaction that writes. On PostgreSQL it is READ COMMITTED; on SQLite it is BEGIN IMMEDIATE behind one gate per database file and process, because
/// SQLite has one writer and its driver waits for a busy one by blocking the thread. Dispose without <see cref="Commit"/> rolls back.
/// </summary>
public sealed class WriteTransaction : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, SqliteGate> Gates = new();
    private readonly DbContext db;
    private readonly IDbContextTransaction transaction;
    private readonly SqliteGate? gate;
    private bool disposed;

    private WriteTransaction(DbContext db, IDbContextTransaction transaction, SqliteGate? gate)
    {
        this.db = db;
        this.transaction = transaction;
        this.gate = gate;
    }

    /// <summary>Makes everything written since the beginning permanent. An exception leaves the outcome to be found out by reading.</summary>
    public async Task Commit(CancellationToken cancellationToken)
    {
        await transaction.CommitAsync(cancellationToken);
        OutboxWakeUp.Committed(db);
    }

    /// <summary>Rolls back what was not committed and lets the next writer in.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
            return;
        disposed = true;
        try
        {
            await transaction.DisposeAsync();
        }
        finally
        {
            gate?.Release();
        }
    }

    internal static async Task<WriteTransaction> Begin(DbContext db, CancellationToken cancellationToken)
    {
        // EF would wrap each SaveChanges in a savepoint: two round trips more, for a partial rollback that nobody here wants.
        db.Database.AutoSavepointsEnabled = false;
        var gate = db.IsSqlite() ? Gates.GetOrAdd(db.Database.GetConnectionString() ?? "", _ => new SqliteGate()) : null;
        if (gate is not null)
            await gate.Enter(db, cancellationToken);
        try
        {
            return new WriteTransaction(db, await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken), gate);
        }
        catch
        {
            gate?.Release();
            throw;
        }
    }
}
