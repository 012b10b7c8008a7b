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
    private static readonly ConcurrentDictionary<string, SemaphoreSlim> Gates = new();
    private readonly IDbContextTransaction transaction;
    private readonly SemaphoreSlim? gate;
    private bool disposed;

    private WriteTransaction(IDbContextTransaction transaction, SemaphoreSlim? gate)
    {
        this.transaction = transaction;
        this.gate = gate;
    }

    /// <summary>Makes everything written since the beginning permanent. An exception leaves the outcome to be found out by reading.</summary>
    public Task Commit(CancellationToken cancellationToken) => transaction.CommitAsync(cancellationToken);

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
        var gate = db.IsSqlite() ? Gates.GetOrAdd(db.Database.GetConnectionString() ?? "", _ => new SemaphoreSlim(1, 1)) : null;
        if (gate is not null)
            await gate.WaitAsync(cancellationToken);
        try
        {
            return new WriteTransaction(await db.Database.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken), gate);
        }
        catch
        {
            gate?.Release();
            throw;
        }
    }
}
