using Drover.Bus;
using Drover.Contracts.Guests;
using Drover.Store;
using Drover.Store.Hosts;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Guests;

/// <summary>
/// Remembers where each guest runs, so that a move by other hands is seen, recorded and told. Level-triggered: each inventory is compared with what is
/// remembered, in whatever order the two hosts' inventories come. What an unfinished migration is about is left to its evidence.
/// </summary>
internal sealed class GuestPlaces(DroverDbContext db, EventLedger events)
{
    /// <summary>Compares a host's new inventory with the places that are remembered.</summary>
    /// <param name="context">The message that brought it.</param>
    /// <param name="host">The host.</param>
    /// <param name="running">Guests that run there, with no migration on them.</param>
    /// <param name="gone">Guests that were there and are not any more.</param>
    public async Task Compare(ConsumeContext context, string host, IReadOnlyList<GuestRow> running, IReadOnlyList<GuestRow> gone)
    {
        var cancellationToken = context.CancellationToken;
        var ids = running.Concat(gone).Select(guest => guest.Uuid).ToList();
        if (ids.Count == 0)
            return;
        var places = await db.Places.Where(place => ids.Contains(place.Uuid)).ToDictionaryAsync(place => place.Uuid, cancellationToken);
        foreach (var guest in running)
        {
            if (!places.TryGetValue(guest.Uuid, out var place))
                db.Places.Add(new GuestPlaceRow { Uuid = guest.Uuid, Name = guest.Name, Host = host, Since = events.Now, How = "first seen there" });
            else if (place.Host == host)
                place.Name = guest.Name;
            else
                await Move(context, place, guest);
        }

        foreach (var place in gone.Select(guest => places.GetValueOrDefault(guest.Uuid)).OfType<GuestPlaceRow>().Where(place => place.Host == host))
        {
            var elsewhere = await db.Guests.AsNoTracking()
                .Where(guest => guest.Uuid == place.Uuid && guest.Host != host && guest.Power == "running" && guest.Job == "none")
                .OrderBy(guest => guest.Host).FirstOrDefaultAsync(cancellationToken);
            if (elsewhere is not null)
                await Move(context, place, elsewhere);
        }
    }

    private async Task Move(ConsumeContext context, GuestPlaceRow place, GuestRow now)
    {
        var cancellationToken = context.CancellationToken;
        var from = place.Host;

        // The old host still has it, by its last inventory: either that is old, or the guest runs twice. Its next one tells.
        var stillThere = db.ChangeTracker.Entries<GuestRow>().All(entry => entry.Entity.Host != from || entry.Entity.Uuid != place.Uuid || entry.State != EntityState.Deleted)
            && await db.Guests.AnyAsync(guest => guest.Uuid == place.Uuid && guest.Host == from && guest.Power != "shut-off" && guest.Power != "crashed", cancellationToken);
        if (stillThere || await db.Migrations.AnyAsync(migration => migration.GuestUuid == place.Uuid && migration.EndedAt == null, cancellationToken))
            return;

        var reason = await Why(now, cancellationToken);
        (place.Name, place.Host, place.Since, place.How) = (now.Name, now.Host, events.Now, $"moved by other hands from {from}");
        await events.KeepAndPublish(
            context,
            Wire.Event(new GuestMoved { EventId = events.NewId(), OccurredAt = events.Now, Guest = now.Name, GuestUuid = now.Uuid, From = from, To = now.Host, Reason = reason }),
            events.Now);
    }

    private async Task<string> Why(GuestRow guest, CancellationToken cancellationToken)
    {
        if (guest.MarkMigrationId is not { } mark)
            return "no migration of Drover's is known to have moved it";
        var state = await db.Migrations.Where(migration => migration.CorrelationId == mark).Select(migration => migration.CurrentState).FirstOrDefaultAsync(cancellationToken);
        return state is null
            ? $"its mark names migration {mark}, which this database does not know"
            : $"its mark names migration {mark}, which is {state}, and not to this host";
    }
}
