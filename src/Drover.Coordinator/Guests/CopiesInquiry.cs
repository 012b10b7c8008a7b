using System.Text.Json;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Agents;
using Drover.Contracts.Guests;
using Drover.Store;
using Drover.Store.Hosts;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Drover.Coordinator.Guests;

/// <summary>
/// Does a guest run twice? Inventories are of different instants: they make a suspicion. Then the hosts are asked, and asked again once all have answered: a
/// guest that two hosts say runs in two rounds, one after the other, runs on both. That is the alarm; it is withdrawn when they say otherwise. Drover destroys
/// nothing.
/// </summary>
internal sealed class CopiesInquiry(DroverDbContext db, EventLedger events, ILoggerFactory logs)
{
    /// <summary>Rounds of questions that must agree: the second is asked after every answer of the first.</summary>
    private const int Rounds = 2;

    /// <summary>How long a question waits for its answers, and an alarm for its next look.</summary>
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(5);

    /// <summary>A suspicion that nobody answers is dropped; if the inventories still show it, the next one makes it anew.</summary>
    private static readonly TimeSpan DropAfter = TimeSpan.FromMinutes(1);

    private readonly ILogger _alarm = logs.CreateLogger("Drover.Notification");

    /// <summary>Looks for guests of a host's new inventory that another host that reports has running too.</summary>
    /// <param name="context">The message that brought it.</param>
    /// <param name="host">The host.</param>
    /// <param name="running">Guests that run there, with no migration on them.</param>
    public async Task Compare(ConsumeContext context, string host, IReadOnlyList<GuestRow> running)
    {
        var ids = running.Select(guest => guest.Uuid).ToList();
        if (ids.Count == 0)
            return;
        var twice = await (from guest in db.Guests.AsNoTracking()
                           join report in db.HostReports.AsNoTracking() on guest.Host equals report.Host
                           where ids.Contains(guest.Uuid) && guest.Host != host && guest.Power == "running" && guest.Job == "none" && !report.Silent
                               && !db.Copies.Any(copies => copies.Uuid == guest.Uuid)
                           orderby guest.Host
                           select new { guest.Uuid, guest.Name, guest.Host }).ToListAsync(context.CancellationToken);
        foreach (var guest in twice.GroupBy(guest => guest.Uuid))
        {
            var copies = new GuestCopiesRow { Uuid = guest.Key, Name = guest.First().Name, Inquiry = events.NewId(), NoticedAt = events.Now };
            db.Copies.Add(copies);
            await Ask(context, copies, [host, .. guest.Select(copy => copy.Host)]);
        }
    }

    /// <summary>Takes a host's answer.</summary>
    public async Task Take(ConsumeContext context, GuestReported report)
    {
        if (await Locked(report.MigrationId, context.CancellationToken) is not { } copies || copies.Question != report.Question)
            return;
        var sightings = Sightings(copies);
        if (!sightings.ContainsKey(report.Host))
            return;
        sightings[report.Host] = report.Sighting;
        copies.Sightings = JsonSerializer.Serialize(sightings, ContractsJson.Tolerant);
        if (sightings.Values.Any(sighting => sighting is null or { LibvirtAway: not null }))
            return;     // the watch asks again

        var hosts = sightings.Where(host => Runs(host.Value!)).Select(host => host.Key).Order(StringComparer.Ordinal).ToList();
        if (hosts.Count < 2)
            await End(context, copies, hosts.FirstOrDefault(), hosts.Count == 0 ? "no host says that it runs there" : $"only {hosts[0]} says that it runs there");
        else if (++copies.Rounds < Rounds)
            await Ask(context, copies, hosts);
        else if (copies.AlarmedAt is null)
            await Alarm(context, copies, hosts);
    }

    /// <summary>Asks again where answers are missing or an alarm stands; a host that is confirmed down runs nothing.</summary>
    public async Task LookAgain(ISendEndpointProvider context, Func<WireEvent, Task> publish, GuestCopiesRow copies, CancellationToken cancellationToken)
    {
        if (copies.AlarmedAt is null && events.Now - copies.NoticedAt > DropAfter)
        {
            db.Copies.Remove(copies);
            return;
        }

        var asked = Sightings(copies).Keys.ToList();
        var down = await db.Hosts.Where(host => asked.Contains(host.Host) && host.ConfirmedDownAt != null).Select(host => host.Host).ToListAsync(cancellationToken);
        var left = asked.Except(down).ToList();
        if (left.Count > 1)
            await Ask(context, copies, left, cancellationToken);
        else
            await End(publish, copies, left.FirstOrDefault(), $"{string.Join(" and ", down)} is confirmed down");
    }

    private Task Ask(ConsumeContext context, GuestCopiesRow copies, IReadOnlyList<string> hosts) => Ask(context, copies, hosts, context.CancellationToken);

    private async Task Ask(ISendEndpointProvider send, GuestCopiesRow copies, IReadOnlyList<string> hosts, CancellationToken cancellationToken)
    {
        copies.Question++;
        copies.CheckAt = events.Now + AskEvery;
        copies.Sightings = JsonSerializer.Serialize(hosts.ToDictionary(host => host, _ => (GuestSighting?)null), KeepNulls);
        foreach (var host in hosts)
            await send.Order(host, new ReportGuest { MigrationId = copies.Inquiry, GuestUuid = copies.Uuid, Question = copies.Question, AboutCopies = true }, cancellationToken);
    }

    private async Task Alarm(ConsumeContext context, GuestCopiesRow copies, IReadOnlyList<string> hosts)
    {
        var where = string.Join(" and ", hosts);
        copies.AlarmedAt = events.Now;
        Log.GuestRunsTwice(_alarm, copies.Name, copies.Uuid, where);
        await events.KeepAndPublish(
            context,
            Wire.Event(new GuestTwoCopies
            {
                EventId = events.NewId(), OccurredAt = events.Now, Guest = copies.Name, GuestUuid = copies.Uuid, Hosts = hosts,
                Reason = $"{where} say that it runs there, asked twice; Drover destroys none of them: stop the wrong one by hand",
            }),
            events.Now);
    }

    private Task End(ConsumeContext context, GuestCopiesRow copies, string? host, string reason) =>
        End(wire => events.KeepAndPublish(context, wire, events.Now), copies, host, reason);

    private async Task End(Func<WireEvent, Task> publish, GuestCopiesRow copies, string? host, string reason)
    {
        db.Copies.Remove(copies);
        if (copies.AlarmedAt is null)
            return;
        Log.GuestRunsOnce(_alarm, copies.Name, copies.Uuid, reason);
        await publish(Wire.Event(new GuestTwoCopiesOver { EventId = events.NewId(), OccurredAt = events.Now, Guest = copies.Name, GuestUuid = copies.Uuid, Host = host, Reason = reason }));
    }

    // Two answers may come at once, and each is a part of one row.
    private async Task<GuestCopiesRow?> Locked(Guid inquiry, CancellationToken cancellationToken) => db.Database.IsNpgsql()
        ? (await db.Copies.FromSql($"SELECT * FROM guest_copies WHERE inquiry = {inquiry} FOR UPDATE").ToListAsync(cancellationToken)).SingleOrDefault()
        : await db.Copies.SingleOrDefaultAsync(copies => copies.Inquiry == inquiry, cancellationToken);

    // A migration's job explains that two hosts have it: the one that it leaves lets go of it.
    private static bool Runs(GuestSighting sighting) => sighting is { Power: "running", Job: not ("migration-out" or "migration-in") };

    private static readonly JsonSerializerOptions KeepNulls = new(ContractsJson.Tolerant) { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.Never };

    private static Dictionary<string, GuestSighting?> Sightings(GuestCopiesRow copies) => JsonSerializer.Deserialize<Dictionary<string, GuestSighting?>>(copies.Sightings, ContractsJson.Tolerant)!;
}
