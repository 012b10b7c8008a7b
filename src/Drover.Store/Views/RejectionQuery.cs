using System.Text.Json;
using Drover.Contracts;
using Drover.Contracts.Commands;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Views;

/// <summary>Reads why a command was rejected after it had been accepted.</summary>
public static class RejectionQuery
{
    /// <summary>The newest rejection that names the migration; null when there is none.</summary>
    public static async Task<CommandRejected?> Read(DroverDbContext db, Guid migrationId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(db);
        var key = RoutingKeys.Events[typeof(CommandRejected)];
        var body = await db.Events.AsNoTracking()
            .Where(evt => evt.MigrationId == migrationId && evt.RoutingKey == key)
            .OrderByDescending(evt => evt.Id)
            .Select(evt => evt.Body)
            .FirstOrDefaultAsync(cancellationToken);
        return body is null ? null : JsonSerializer.Deserialize<CommandRejected>(body, ContractsJson.Tolerant);
    }
}
