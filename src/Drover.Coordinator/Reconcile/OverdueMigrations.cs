using Drover.Bus;
using Drover.Coordinator.Migrations;
using Drover.Store;
using Drover.Store.Outbox;
using Drover.Store.Views;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Coordinator.Reconcile;

/// <summary>Level-triggered: finds migrations whose state's time is over and has them give their idempotent order or question again. A lost message costs time, never a migration.</summary>
internal sealed class OverdueMigrations(IServiceScopeFactory scopes, TimeProvider time, IOptions<CoordinatorOptions> options, ILogger<OverdueMigrations> log)
    : Loop(scopes, time, options, log)
{
    /// <summary>How many are nudged per look: the rest is still overdue at the next.</summary>
    private const int PerLook = 500;

    /// <summary>Until the saga has set its next time itself, nobody else need nudge it.</summary>
    private static readonly TimeSpan Claim = TimeSpan.FromSeconds(5);

    /// <summary>A word that has not left by then is enough: an hour without a broker must not leave an hour's words behind.</summary>
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(10);

    private bool _hasLooked;

    internal override async Task Look(DroverDbContext db, IServiceProvider scope, CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        if (!_hasLooked)
            await ReconcileAll(db, now, cancellationToken);
        _hasLooked = true;
        var overdue = await db.Migrations.AsNoTracking()
            .Where(saga => saga.CheckAt != null && saga.CheckAt <= now)
            .OrderBy(saga => saga.CheckAt)
            .Select(saga => saga.CorrelationId)
            .Take(PerLook)
            .ToListAsync(cancellationToken);
        if (overdue.Count == 0 || await OutboxQuery.IsStuck(db, now - Stuck, cancellationToken))
            return;

        var send = scope.GetRequiredService<ISendEndpointProvider>();
        await using var transaction = await db.BeginWriteTransaction(cancellationToken);
        foreach (var migration in overdue)
        {
            // Another coordinator may have been here since the query.
            var claimed = await db.Migrations.Where(saga => saga.CorrelationId == migration && saga.CheckAt <= now)
                .ExecuteUpdateAsync(set => set.SetProperty(saga => saga.CheckAt, now + Claim), cancellationToken);
            if (claimed == 1)
                await send.SendTo(Queues.Migrations, new CheckOn { MigrationId = migration }, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.Commit(cancellationToken);
        Log.CheckingOn(log, overdue.Count);
    }

    // At start nothing is taken for granted: the coordinator was away, or its database was restored from a backup. Every migration asks its hosts at once; those
    // that wait for a slot are knocked for in their own time.
    private static Task<int> ReconcileAll(DroverDbContext db, DateTimeOffset now, CancellationToken cancellationToken) => db.Migrations
        .Where(saga => saga.EndedAt == null && saga.CurrentState != nameof(MigrationStateMachine.Queued) && saga.CheckAt > now)
        .ExecuteUpdateAsync(set => set.SetProperty(saga => saga.CheckAt, now), cancellationToken);
}
