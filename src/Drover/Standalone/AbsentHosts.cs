using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Sites;
using Drover.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Drover.Standalone;

/// <summary>
/// Hosts that the database knows and the site's file names no more. A broker would return what is sent to them; a queue in memory would swallow it, and their
/// migrations would prepare for ever. So their orders are taken here, and come back.
/// </summary>
internal sealed class AbsentHosts
{
    private IReadOnlyList<string> names = [];

    /// <summary>Finds them. Call it before the bus is made.</summary>
    public async Task<IReadOnlyList<string>> Find(DroverDbContext db, Site site, CancellationToken cancellationToken)
    {
        var known = await db.HostReports.Select(row => row.Host).OrderBy(host => host).ToListAsync(cancellationToken);
        return names = [.. known.Except(site.Hosts.Select(host => host.Name))];
    }

    /// <summary>Makes their queues.</summary>
    public void Endpoints(DroverEndpoints endpoints)
    {
        foreach (var host in names)
        {
            endpoints.Host(host, queue =>
            {
                Return<CheckSource>(queue, host);
                Return<CheckDestination>(queue, host);
                Return<BeginTransfer>(queue, host);
                Return<AbortTransfer>(queue, host);
                Return<ForceTransfer>(queue, host);
                Return<ForgetGuest>(queue, host);
                Return<ReportGuest>(queue, host);
            });
        }
    }

    private static void Return<TOrder>(IReceiveEndpointConfigurator queue, string host)
        where TOrder : class => queue.Handler<TOrder>(context =>
            context.SendTo(Queues.Migrations, ReturnedOrders.Of(host, context.Message, "the site's file names no such host")!, context.CancellationToken));
}
