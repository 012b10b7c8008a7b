using System.Text.Json;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Agents;
using Drover.Coordinator.Guests;
using Drover.Store;
using Drover.Store.Hosts;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Coordinator.Hosts;

/// <summary>Keeps what agents say of their hosts; only edges go on: a new host, one that is back, an agent that (re)started.</summary>
internal sealed class HostReportConsumer(DroverDbContext db, HostLedger hosts, CopiesInquiry copies, GuestPlaces places, TimeProvider time, IOptions<CoordinatorOptions> options, ILogger<HostReportConsumer> log)
    : IConsumer<HostReported>
{
    public async Task Consume(ConsumeContext<HostReported> context)
    {
        var report = context.Message;
        var row = await db.HostReports.FindAsync([report.Host], context.CancellationToken);
        if (row is null)
        {
            row = new HostReportRow { Host = report.Host };
            db.HostReports.Add(row);
            await context.SendTo(Queues.Hosts, new NoticeHost { Host = report.Host }, context.CancellationToken);
            Log.HostSeen(log, report.Host, "reports for the first time");
        }

        // Reports may overtake each other: the newest says that the agent is there, and the newest with an inventory says what it holds.
        var restarted = row.AgentId != report.AgentId;
        if (restarted)
            (row.AgentId, row.Report, row.InventoryReport) = (report.AgentId, 0, 0);
        if (report.Report > row.Report)
            await TakePresence(row, report, context);
        if (report.Inventory is { } inventory && report.Report > row.InventoryReport)
        {
            row.InventoryReport = report.Report;
            row.Inventory = JsonSerializer.Serialize(inventory with { Guests = [] }, ContractsJson.Tolerant);
            var (running, gone) = await ReplaceGuests(report.Host, inventory.Guests, context.CancellationToken);
            await copies.Compare(context, report.Host, running);
            await places.Compare(context, report.Host, running, gone);
        }

        // An agent that has just started may have missed orders, and may know ends that were never told.
        if (restarted)
            Log.HostSeen(log, report.Host, $"its agent started; {await hosts.CheckOnUnfinished(context, report.Host)} unfinished migrations are checked");
        if (report.AsksFloor)
            await TellFloor(report, context);
    }

    private async Task TellFloor(HostReported report, ConsumeContext context) => await context.Order(
        report.Host,
        new HostFloor { AgentId = report.AgentId, Report = report.Report, Floor = await hosts.LockedFloor(report.Host, context.CancellationToken), GoodFor = options.Value.SilentAfter },
        context.CancellationToken);

    private async Task TakePresence(HostReportRow row, HostReported report, ConsumeContext context)
    {
        if (row.Silent)
        {
            row.Silent = false;
            await context.SendTo(Queues.Hosts, new NoticeReturn { Host = report.Host }, context.CancellationToken);
            Log.HostSeen(log, report.Host, "is back");
        }

        (row.Report, row.LastReportAt, row.LibvirtAway) = (report.Report, time.GetUtcNow(), report.LibvirtAway);
    }

    private async Task<(List<GuestRow> Running, List<GuestRow> Gone)> ReplaceGuests(string host, IReadOnlyList<HostGuest> guests, CancellationToken cancellationToken)
    {
        var known = await db.Guests.Where(guest => guest.Host == host).ToDictionaryAsync(guest => guest.Uuid, cancellationToken);
        var running = new List<GuestRow>();
        foreach (var guest in guests)
        {
            if (!known.Remove(guest.Uuid, out var row))
            {
                row = new GuestRow { Host = host, Uuid = guest.Uuid };
                db.Guests.Add(row);
            }

            row.Name = guest.Name;
            row.MemoryBytes = guest.MemoryBytes;
            row.Vcpus = guest.Vcpus;
            row.Power = guest.Sighting.Power ?? "other";
            row.Job = guest.Sighting.Job ?? "none";
            row.MarkEpoch = guest.Sighting.MarkEpoch ?? 0;
            row.MarkMigrationId = guest.Sighting.MarkMigrationId;
            row.Metadata = guest.Metadata;
            if (row is { Power: "running", Job: "none" })
                running.Add(row);
        }

        db.Guests.RemoveRange(known.Values);
        return (running, [.. known.Values]);
    }
}
