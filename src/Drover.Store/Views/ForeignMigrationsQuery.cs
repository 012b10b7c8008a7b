using Drover.Contracts.Views;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Views;

/// <summary>Reads the migrations that hosts report and no migration of this database explains.</summary>
public static class ForeignMigrationsQuery
{
    /// <summary>The most that are read: a page of one answer; more than a few are an accident of their own.</summary>
    private const int Most = 500;

    /// <summary>Guests that leave a host while no unfinished migration of theirs has a transfer ordered, by name.</summary>
    public static async Task<ForeignMigrationList> Read(DroverDbContext db, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var leaving = await db.Guests.AsNoTracking()
            .Where(guest => guest.Job == "migration-out" && !db.Migrations.Any(migration => migration.GuestUuid == guest.Uuid && migration.EndedAt == null && migration.TransferOrdered))
            .OrderBy(guest => guest.Name).ThenBy(guest => guest.Host)
            .Select(guest => new
            {
                guest.Name,
                guest.Uuid,
                guest.Host,
                Destination = db.Guests.Where(other => other.Uuid == guest.Uuid && other.Host != guest.Host && other.Job == "migration-in").Select(other => other.Host).FirstOrDefault(),
            })
            .Take(Most)
            .ToListAsync(cancellationToken);
        return new ForeignMigrationList
        {
            Migrations = [.. leaving.Select(guest => new ForeignMigrationView { Guest = guest.Name, GuestUuid = guest.Uuid, Source = guest.Host, Destination = guest.Destination })],
        };
    }
}
