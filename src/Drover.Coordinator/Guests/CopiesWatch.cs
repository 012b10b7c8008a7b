using Drover.Coordinator.Reconcile;
using Drover.Store;
using Drover.Store.Outbox;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Coordinator.Guests;

/// <summary>Has guests that seem to run, or do run, more than once asked about again, until they do not.</summary>
internal sealed class CopiesWatch(IServiceScopeFactory scopes, TimeProvider time, IOptions<CoordinatorOptions> options, ILogger<CopiesWatch> log)
    : Loop(scopes, time, options, log)
{
    /// <summary>How many are asked about per look: the rest is still due at the next.</summary>
    private const int PerLook = 100;

    internal override async Task Look(DroverDbContext db, IServiceProvider scope, CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        if (!await db.Copies.AnyAsync(copies => copies.CheckAt <= now, cancellationToken))
            return;

        var (inquiry, events) = (scope.GetRequiredService<CopiesInquiry>(), scope.GetRequiredService<EventLedger>());
        var (send, publish) = (scope.GetRequiredService<ISendEndpointProvider>(), scope.GetRequiredService<IPublishEndpoint>());
        await using var transaction = await db.BeginWriteTransaction(cancellationToken);
        foreach (var copies in await Due(db, now, cancellationToken))
            await inquiry.LookAgain(send, wire => events.KeepAndPublish(publish, wire, events.Now, cancellationToken), copies, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.Commit(cancellationToken);
    }

    // Another coordinator that looks now takes others.
    private static Task<List<Store.Hosts.GuestCopiesRow>> Due(DroverDbContext db, DateTimeOffset now, CancellationToken cancellationToken) => db.Database.IsNpgsql()
        ? db.Copies.FromSql($"SELECT * FROM guest_copies WHERE check_at <= {now} ORDER BY check_at LIMIT {PerLook} FOR UPDATE SKIP LOCKED").ToListAsync(cancellationToken)
        : db.Copies.Where(copies => copies.CheckAt <= now).OrderBy(copies => copies.CheckAt).Take(PerLook).ToListAsync(cancellationToken);
}
