using Drover.Contracts.Views;
using Drover.Store;
using Drover.Store.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Drover.Api.Migrations;

/// <summary><c>GET /v1/migrations/{id}</c>.</summary>
internal static class ShowMigration
{
    public static async Task<Results<Ok<MigrationDetail>, ProblemHttpResult>> Handle(Guid id, DroverDbContext db, CancellationToken cancellationToken) =>
        await MigrationDetailQuery.Read(db, id, cancellationToken) is { } detail
            ? TypedResults.Ok(detail)
            : await NotThere.Why(db, id, cancellationToken);
}
