using Drover.Store.Outbox;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace Drover.Store.Sagas;

/// <summary>Reads saga instances so that nobody else changes them until the transaction ends. SQLite needs no row lock: its transaction is the only writer.</summary>
internal static class SagaLock<TSaga>
    where TSaga : class, ISaga
{
    public static async Task<TSaga?> Load(DbContext db, Guid correlationId, CancellationToken cancellationToken)
    {
        var sagas = db.Set<TSaga>();
        var locked = $$"""SELECT * FROM {{db.TableOf<TSaga>()}} WHERE {{Key(db)}} = {0} FOR UPDATE""";
        var found = db.IsSqlite() ? sagas.Where(saga => saga.CorrelationId == correlationId) : sagas.FromSqlRaw(locked, correlationId);

        // A list, for an operator such as Single would be composed around the statement.
        return (await found.ToListAsync(cancellationToken)).SingleOrDefault();
    }

    /// <summary>Several at once are locked in the order of their ids, so that two queries never wait for each other in a circle.</summary>
    public static async Task<IReadOnlyList<TSaga>> Load(DbContext db, ISagaQuery<TSaga> query, CancellationToken cancellationToken)
    {
        var sagas = db.Set<TSaga>();
        if (db.IsSqlite())
            return await sagas.Where(query.FilterExpression).ToListAsync(cancellationToken);

        var ids = await sagas.Where(query.FilterExpression).Select(saga => saga.CorrelationId).ToArrayAsync(cancellationToken);
        var locked = $$"""SELECT * FROM {{db.TableOf<TSaga>()}} WHERE {{Key(db)}} = ANY({0}) ORDER BY {{Key(db)}} FOR UPDATE""";
        var found = await sagas.FromSqlRaw(locked, ids).ToListAsync(cancellationToken);

        // While we waited for a lock its holder may have changed what the query asks for.
        return [.. found.Where(query.GetFilter())];
    }

    private static string Key(DbContext db)
    {
        var entity = db.Model.FindEntityType(typeof(TSaga))!;
        var table = StoreObjectIdentifier.Create(entity, StoreObjectType.Table)!.Value;
        return db.GetService<ISqlGenerationHelper>().DelimitIdentifier(entity.FindProperty(nameof(ISaga.CorrelationId))!.GetColumnName(table)!);
    }
}
