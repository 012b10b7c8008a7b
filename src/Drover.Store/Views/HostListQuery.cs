using System.Text.Json;
using Drover.Contracts;
using Drover.Contracts.Views;
using Drover.Store.Hosts;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Views;

/// <summary>Reads hosts with their lanes, in seven queries however many hosts there are.</summary>
public static class HostListQuery
{
    /// <summary>Every host that ever reported, by name.</summary>
    public static Task<HostList> Read(DroverDbContext db, CancellationToken cancellationToken) => Read(db, host: null, cancellationToken);

    /// <summary>One host; null when it never reported.</summary>
    public static async Task<HostView?> ReadOne(DroverDbContext db, string host, CancellationToken cancellationToken) =>
        (await Read(db, host, cancellationToken)).Hosts.SingleOrDefault();

    private static async Task<HostList> Read(DroverDbContext db, string? host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var reports = await db.HostReports.AsNoTracking().Where(report => host == null || report.Host == host).OrderBy(report => report.Host).ToListAsync(cancellationToken);
        var sagas = await db.Hosts.AsNoTracking().Where(saga => host == null || saga.Host == host).ToDictionaryAsync(saga => saga.Host, cancellationToken);
        var lanes = await db.Lanes.AsNoTracking().Where(lane => host == null || lane.Host == host).ToListAsync(cancellationToken);

        // A lane's rows are few; counting all lanes in one query each is cheaper than asking lane by lane.
        var used = await db.Slots.GroupBy(slot => slot.Lane).Select(lane => new { lane.Key, Count = lane.Count() })
            .ToDictionaryAsync(lane => lane.Key, lane => lane.Count, cancellationToken);
        var waitingOut = await db.Waiting.GroupBy(row => row.OutLane).Select(lane => new { lane.Key, Count = lane.Count() })
            .ToDictionaryAsync(lane => lane.Key, lane => lane.Count, cancellationToken);
        var waitingIn = await db.Waiting.GroupBy(row => row.InLane).Select(lane => new { lane.Key, Count = lane.Count() })
            .ToDictionaryAsync(lane => lane.Key, lane => lane.Count, cancellationToken);
        var guests = await db.Guests.Where(guest => (host == null || guest.Host == host) && guest.Power == "running")
            .GroupBy(guest => guest.Host).Select(of => new { of.Key, Count = of.Count() })
            .ToDictionaryAsync(of => of.Key, of => of.Count, cancellationToken);

        var lanesOf = lanes.ToLookup(lane => lane.Host, lane => new LaneView
        {
            Lane = lane.Name,
            Used = used.GetValueOrDefault(lane.Name),
            Limit = lane.Limit,
            Waiting = waitingOut.GetValueOrDefault(lane.Name) + waitingIn.GetValueOrDefault(lane.Name),
        });
        return new HostList { Hosts = [.. reports.Select(report => View(report, sagas.GetValueOrDefault(report.Host), [.. lanesOf[report.Host].OrderBy(lane => lane.Lane, StringComparer.Ordinal)], guests.GetValueOrDefault(report.Host)))] };
    }

    private static HostView View(HostReportRow report, HostSaga? saga, IReadOnlyList<LaneView> lanes, int guests)
    {
        var facts = report.Inventory is null ? null : JsonSerializer.Deserialize<Facts>(report.Inventory, ContractsJson.Tolerant);
        return new HostView
        {
            Host = report.Host,
            Presence = report switch { { Silent: true } when saga?.ConfirmedDownAt is not null => "confirmed-down", { Silent: true } => "silent", { LibvirtAway: not null } => "libvirt-away", _ => "present" },
            LastReportAt = report.LastReportAt,
            ConfirmedDown = saga is { ConfirmedDownAt: { } at } ? $"by {saga.ConfirmedDownBy} at {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z: {saga.ConfirmedDownReason}" : null,
            UnreachableSince = saga?.UnreachableSince,
            Lanes = lanes,
            Guests = guests,
            LibvirtVersion = facts?.LibvirtVersion,
            QemuVersion = facts?.QemuVersion,
            MemoryBytes = facts?.MemoryBytes,
        };
    }

    // What the view shows of an inventory: an older or newer coordinator's row is read as far as it goes.
    private sealed record Facts
    {
        public string? LibvirtVersion { get; init; }

        public string? QemuVersion { get; init; }

        public long? MemoryBytes { get; init; }
    }
}
