using Drover.Api.Problems;
using Drover.Contracts.Commands;
using Drover.Store;
using Drover.Store.Views;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Drover.Api.Migrations;

/// <summary>Says why an id has no migration: its command was rejected after it had been accepted (422), or nothing is known of it (404).</summary>
internal static class NotThere
{
    public static async Task<ProblemHttpResult> Why(DroverDbContext db, Guid id, CancellationToken cancellationToken) =>
        await RejectionQuery.Read(db, id, cancellationToken) is { Command: "migrate-guest" } rejected
            ? Problem.Of(422, rejected.Code, rejected.Message, id)
            : await db.Tombstones.FindAsync([id], cancellationToken) is { } tombstone
            ? Problem.Of(404, RejectionCode.UnknownMigration, $"This migration ended on {tombstone.EndedAt:yyyy-MM-dd}, and what is known of it is not kept any longer.", id)
            : Problem.Of(404, RejectionCode.UnknownMigration, "No migration has this id; one that was accepted a moment ago may not have been taken up yet.", id);
}
