using Drover.Bus;
using Drover.Store;
using Drover.Store.Migrations;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Coordinator.Retention;

/// <summary>
/// Takes migrations that have ended long ago: row, events, decisions and progress go, and an id with a digest stays, so that a used id is known for ever. In
/// batches, each one transaction; a batch that was full is followed by another at once, else the next is scheduled.
/// </summary>
internal sealed class RetentionConsumer(DroverDbContext db, IOptions<CoordinatorOptions> options, TimeProvider time, ILogger<RetentionConsumer> log) : IConsumer<TakeEnded>
{
    /// <summary>How many are taken in a transaction: some ten thousand rows.</summary>
    private const int Batch = 500;

    private static readonly TimeSpan _every = TimeSpan.FromMinutes(10);

    /// <summary>The one schedule of it: whoever schedules it replaces it.</summary>
    private static readonly Guid _token = Guid.Parse("6b4f0f5e-6f0a-4d1c-9a5b-0c8f5a3d7e21");

    public async Task Consume(ConsumeContext<TakeEnded> context)
    {
        var before = time.GetUtcNow() - options.Value.KeepEndedFor;
        var taken = await TakeMigrations(before, context.CancellationToken);
        var others = await TakeWhatBelongsToNone(before, context.CancellationToken);
        if (taken == Batch || others == Batch)
            await context.SendTo(Queues.Retention, new TakeEnded(), context.CancellationToken);
        else
            await context.ScheduleSend(Queues.Retention, time.GetUtcNow() + _every, new TakeEnded(), _token, context.CancellationToken);
        if (taken > 0)
            Log.Taken(log, taken, before);
    }

    private async Task<int> TakeMigrations(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var ended = await Ended(before, cancellationToken);
        if (ended.Count == 0)
            return 0;
        db.Tombstones.AddRange(ended.Select(saga => new TombstoneRow { MigrationId = saga.CorrelationId, BodyDigest = saga.BodyDigest, EndedAt = saga.EndedAt!.Value }));
        await db.SaveChangesAsync(cancellationToken);
        var ids = ended.Select(saga => saga.CorrelationId).ToList();
        await db.Events.Where(row => row.MigrationId != null && ids.Contains(row.MigrationId.Value)).ExecuteDeleteAsync(cancellationToken);
        await db.Journal.Where(row => ids.Contains(row.MigrationId)).ExecuteDeleteAsync(cancellationToken);
        await db.Progress.Where(row => ids.Contains(row.MigrationId)).ExecuteDeleteAsync(cancellationToken);
        await db.Migrations.Where(row => ids.Contains(row.CorrelationId)).ExecuteDeleteAsync(cancellationToken);
        return ended.Count;
    }

    // Two coordinators may be at it: each takes what the other has not locked.
    private Task<List<MigrationSaga>> Ended(DateTimeOffset before, CancellationToken cancellationToken) => db.Database.IsNpgsql()
        ? db.Migrations.FromSql($"SELECT * FROM migration WHERE ended_at <= {before} ORDER BY ended_at LIMIT {Batch} FOR UPDATE SKIP LOCKED").AsNoTracking().ToListAsync(cancellationToken)
        : db.Migrations.AsNoTracking().Where(saga => saga.EndedAt <= before).OrderBy(saga => saga.EndedAt).Take(Batch).ToListAsync(cancellationToken);

    /// <summary>Rejections of what never became a migration, and what was told of hosts. The oldest rows come first by their ids: no index is needed to find them.</summary>
    private async Task<int> TakeWhatBelongsToNone(DateTimeOffset before, CancellationToken cancellationToken)
    {
        var oldest = await db.Events.AsNoTracking().OrderBy(row => row.Id).Take(Batch)
            .Select(row => new { row.Id, row.OccurredAt, Orphan = row.MigrationId == null || !db.Migrations.Any(saga => saga.CorrelationId == row.MigrationId) })
            .ToListAsync(cancellationToken);
        var ids = oldest.Where(row => row.Orphan && row.OccurredAt <= before).Select(row => row.Id).ToList();
        return ids.Count == 0 ? 0 : await db.Events.Where(row => ids.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken);
    }
}
