using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Schema;

/// <summary>Brings a database's schema up to this program's, and says whether it is.</summary>
public static class SchemaApplication
{
    /// <summary>
    /// Applies what is missing; nothing when nothing is. Two at once are safe: on PostgreSQL an advisory lock orders programs, and ends with the session of one
    /// that is killed (EF Core's own lock is let go between two steps, and the second program would begin the next one once more); on SQLite a lock file orders
    /// them, and a lock row left by a killed one is removed under it (EF Core would wait for that row for ever).
    /// </summary>
    /// <returns>The names of the steps applied.</returns>
    public static async Task<IReadOnlyList<string>> ApplySchema(this DroverDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using var turn = db.Database.IsSqlite() ? await SqliteTurn(db, cancellationToken) : await PostgresTurn.Take(db, cancellationToken) as IAsyncDisposable;
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
            await db.Database.MigrateAsync(cancellationToken);
        return pending;
    }

    /// <summary>Throws <see cref="SchemaOutdatedException"/> unless the schema has everything that this program knows. A newer schema is accepted: old and new programs run side by side.</summary>
    public static async Task RequireSchema(this DroverDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
            throw new SchemaOutdatedException(pending);
    }

    private sealed class PostgresTurn(DroverDbContext db) : IAsyncDisposable
    {
        public static async Task<PostgresTurn> Take(DroverDbContext db, CancellationToken cancellationToken)
        {
            // Kept open: the lock is the session's.
            await db.Database.OpenConnectionAsync(cancellationToken);
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock(hashtextextended('drover schema', 0))", cancellationToken);
            return new PostgresTurn(db);
        }

        public async ValueTask DisposeAsync()
        {
            try
            {
                await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock(hashtextextended('drover schema', 0))", CancellationToken.None);
            }
            catch (DbException)
            {
                // The session is lost, and the lock with it; why is told by whatever it was lost in.
            }

            await db.Database.CloseConnectionAsync();
        }
    }

    private static async Task<FileStream?> SqliteTurn(DroverDbContext db, CancellationToken cancellationToken)
    {
        var path = new Microsoft.Data.Sqlite.SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
        if (path is "" or ":memory:")
            return null;
        var turn = await ExclusiveFile(path + ".schema-lock", cancellationToken);
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL; DROP TABLE IF EXISTS __EFMigrationsLock;", cancellationToken);
        return turn;
    }

    private static async Task<FileStream> ExclusiveFile(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (!cancellationToken.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            }
        }
    }
}
