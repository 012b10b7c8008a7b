using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Drover.Store.Outbox;

/// <summary>What the store asks of a DbContext, whichever of the two databases is behind it.</summary>
public static class WriteTransactions
{
    /// <summary>Begins a transaction that writes: the only way in which several statements should be written together. Waits for its turn on SQLite.</summary>
    public static Task<WriteTransaction> BeginWriteTransaction(this DbContext db, CancellationToken cancellationToken) =>
        WriteTransaction.Begin(db, cancellationToken);

    internal static bool IsSqlite(this DbContext db) => SqliteDatabaseFacadeExtensions.IsSqlite(db.Database);

    /// <summary>A table's name as this database writes it, with its schema where it has one.</summary>
    internal static string TableOf<TEntity>(this DbContext db)
    {
        var entity = db.Model.FindEntityType(typeof(TEntity))
            ?? throw new InvalidOperationException($"{typeof(TEntity).Name} is not in the model of {db.GetType().Name}.");
        return db.GetService<ISqlGenerationHelper>().DelimitIdentifier(entity.GetTableName()!, entity.GetSchema());
    }
}
