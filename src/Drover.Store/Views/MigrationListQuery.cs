using Drover.Contracts.Views;
using Drover.Store.Migrations;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Views;

/// <summary>Reads a page of migrations, newest first, in one query.</summary>
public static class MigrationListQuery
{
    /// <summary>The page that the filter names.</summary>
    public static async Task<MigrationList> Read(DroverDbContext db, MigrationFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(filter);
        var rows = await MigrationRows.Of(db, Narrow(db.Migrations, filter))
            .OrderByDescending(row => row.Migration.RequestedAt).ThenByDescending(row => row.Migration.CorrelationId)
            .Take(filter.Limit + 1)   // one more than asked tells whether there is a next page
            .ToListAsync(cancellationToken);
        var shown = rows.Take(filter.Limit).ToList();
        return new MigrationList
        {
            Migrations = [.. shown.Select(row => row.View())],
            Next = rows.Count > filter.Limit ? new MigrationCursor(shown[^1].Migration.RequestedAt, shown[^1].Migration.CorrelationId).ToString() : null,
        };
    }

    private static IQueryable<MigrationSaga> Narrow(IQueryable<MigrationSaga> migrations, MigrationFilter filter)
    {
        migrations = filter.State switch
        {
            null => migrations,
            MigrationFilter.Unfinished => migrations.Where(migration => migration.EndedAt == null),
            MigrationFilter.Ended => migrations.Where(migration => migration.EndedAt != null),
            var name when MigrationStates.Stored(name) is { } state => migrations.Where(migration => migration.CurrentState == state),
            var name => throw new ArgumentException($"there is no state \"{name}\"", nameof(filter)),
        };
        if (filter.Host is { } host)
            migrations = migrations.Where(migration => migration.Source == host || migration.Destination == host);
        if (filter.Guest is { } guest)
        {
            migrations = Guid.TryParse(guest, out var uuid)
                ? migrations.Where(migration => migration.GuestUuid == uuid || migration.Guest == guest)
                : migrations.Where(migration => migration.Guest == guest);
        }
        if (filter.After is { } last)
        {
            migrations = migrations.Where(migration => migration.RequestedAt < last.RequestedAt
                || (migration.RequestedAt == last.RequestedAt && migration.CorrelationId.CompareTo(last.MigrationId) < 0));
        }
        return migrations;
    }
}
