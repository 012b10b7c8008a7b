using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Schema;

/// <summary>Brings a database's schema up to this program's, and says whether it is.</summary>
public static class SchemaApplication
{
    /// <summary>
    /// Applies what is missing; nothing when nothing is. Two at once are safe: on PostgreSQL a lock of the session orders them (EF Core's own ends with the first
    /// step's transaction, and whoever waited for it would apply the second step again); on SQLite a
    /// lock file orders processes, and a lock row left by a killed one is removed under it (EF Core would wait for that row for ever).
    /// </summary>
    /// <returns>The names of the steps applied.</returns>
    public static async Task<IReadOnlyList<string>> ApplySchema(this DroverDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        await using IAsyncDisposable? turn = db.Database.IsSqlite() ? await SqliteTurn(db, cancellationToken) : await PostgresTurn.Take(db, cancellationToken);
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

    /// <summary>A lock of the session: it ends when it is given back, or with the process.</summary>
    private sealed class PostgresTurn(DroverDbContext db) : IAsyncDisposable
    {
        // Any number that no other program of this database uses: "drover", schema.
        private const long Key = 0x64726F76_65720001;

        public static async Task<PostgresTurn> Take(DroverDbContext db, CancellationToken cancellationToken)
        {
            await db.Database.OpenConnectionAsync(cancellationToken);
            while (!await db.Database.SqlQuery<bool>($"SELECT pg_try_advisory_lock({Key}) AS \"Value\"").SingleAsync(cancellationToken))
                await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            return new PostgresTurn(db);
        }

        public async ValueTask DisposeAsync()
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Key})", CancellationToken.None);
            await db.Database.CloseConnectionAsync();
        }
    }
}
