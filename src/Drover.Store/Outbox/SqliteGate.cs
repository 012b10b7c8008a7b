using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Outbox;

/// <summary>Lets one writer at a time into a SQLite database, without holding a thread for those who wait.</summary>
internal sealed class SqliteGate() : SemaphoreSlim(1, 1)
{
    private bool writesAhead;

    public async Task Enter(DbContext db, CancellationToken cancellationToken)
    {
        await WaitAsync(cancellationToken);
        if (writesAhead)
            return;
        try
        {
            // The file remembers the mode: from then on readers never wait for the writer. "synchronous" stays FULL, SQLite's default: what was
            // acknowledged survives a loss of power too.
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL", cancellationToken);
            writesAhead = true;
        }
        catch
        {
            Release();
            throw;
        }
    }
}
