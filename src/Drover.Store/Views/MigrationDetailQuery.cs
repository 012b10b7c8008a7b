using System.Text.Json;
using Drover.Contracts.Views;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Views;

/// <summary>Reads one migration with its events and decisions, in three queries.</summary>
public static class MigrationDetailQuery
{
    /// <summary>The migration; null when there is none of this id.</summary>
    public static async Task<MigrationDetail?> Read(DroverDbContext db, Guid migrationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var rows = await MigrationRows.Of(db, db.Migrations.Where(migration => migration.CorrelationId == migrationId)).FirstOrDefaultAsync(cancellationToken);
        if (rows is null)
            return null;
        var events = await db.Events.AsNoTracking()
            .Where(evt => evt.MigrationId == migrationId && evt.Sequence != null)   // a rejection that names the migration has no number: it is none of its steps
            .OrderBy(evt => evt.Sequence)
            .ToListAsync(cancellationToken);
        var journal = await db.Journal.AsNoTracking().Where(entry => entry.MigrationId == migrationId).OrderBy(entry => entry.Id).ToListAsync(cancellationToken);
        return new MigrationDetail
        {
            Migration = rows.View(),
            Events = [.. events.Select(evt => new EventView { Sequence = evt.Sequence!.Value, RoutingKey = evt.RoutingKey, Body = JsonElement.Parse(evt.Body) })],
            Journal = [.. journal.Select(entry => new DecisionView { At = entry.At, Kind = entry.Kind, Decision = entry.Decision, Reason = entry.Reason })],
        };
    }
}
