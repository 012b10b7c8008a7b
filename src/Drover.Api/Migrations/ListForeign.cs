using Drover.Contracts.Views;
using Drover.Store;
using Drover.Store.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Drover.Api.Migrations;

/// <summary><c>GET /v1/foreign-migrations</c>: what libvirt moves and nobody asked Drover for.</summary>
internal static class ListForeign
{
    public static async Task<Ok<ForeignMigrationList>> Handle(DroverDbContext db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await ForeignMigrationsQuery.Read(db, cancellationToken));
}
