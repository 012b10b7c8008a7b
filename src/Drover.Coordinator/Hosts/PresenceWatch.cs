using Drover.Bus;
using Drover.Coordinator.Reconcile;
using Drover.Store;
using Drover.Store.Outbox;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Coordinator.Hosts;

/// <summary>Sees the one edge that no report can tell: that there is none.</summary>
internal sealed class PresenceWatch(IServiceScopeFactory scopes, TimeProvider time, IOptions<CoordinatorOptions> options, ILogger<PresenceWatch> log)
    : Loop(scopes, time, options, log)
{
    private readonly DateTimeOffset started = time.GetUtcNow();

    internal override async Task Look(DroverDbContext db, IServiceProvider scope, CancellationToken cancellationToken)
    {
        // A coordinator that was away has heard nobody: it listens for as long as a host may be quiet before it calls one silent.
        var now = Time.GetUtcNow();
        if (now - started < Options.SilentAfter)
            return;
        var limit = now - Options.SilentAfter;
        if (!await db.HostReports.AnyAsync(row => !row.Silent && row.LastReportAt < limit, cancellationToken))
            return;

        var send = scope.GetRequiredService<ISendEndpointProvider>();
        await using var transaction = await db.BeginWriteTransaction(cancellationToken);
        foreach (var row in await db.HostReports.AsNoTracking().Where(row => !row.Silent && row.LastReportAt < limit).OrderBy(row => row.Host).ToListAsync(cancellationToken))
        {
            // Only if it has not reported, and nobody else has noticed, since the query.
            var noticed = await db.HostReports.Where(other => other.Host == row.Host && !other.Silent && other.LastReportAt < limit)
                .ExecuteUpdateAsync(set => set.SetProperty(other => other.Silent, true), cancellationToken);
            if (noticed == 0)
                continue;
            await send.SendTo(Queues.Hosts, new NoticeSilence { Host = row.Host, LastReportAt = row.LastReportAt }, cancellationToken);
            Log.HostSilent(log, row.Host, row.LastReportAt);
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.Commit(cancellationToken);
    }
}
