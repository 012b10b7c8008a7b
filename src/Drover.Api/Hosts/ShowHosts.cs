using Drover.Api.Problems;
using Drover.Contracts.Commands;
using Drover.Contracts.Views;
using Drover.Store;
using Drover.Store.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Drover.Api.Hosts;

/// <summary><c>GET /v1/hosts</c> and <c>GET /v1/hosts/{host}</c>.</summary>
internal static class ShowHosts
{
    public static async Task<Ok<HostList>> All(DroverDbContext db, CancellationToken cancellationToken) =>
        TypedResults.Ok(await HostListQuery.Read(db, cancellationToken));

    public static async Task<Results<Ok<HostView>, ProblemHttpResult>> One(string host, DroverDbContext db, CancellationToken cancellationToken) =>
        await HostListQuery.ReadOne(db, host, cancellationToken) is { } view
            ? TypedResults.Ok(view)
            : Problem.Of(404, RejectionCode.UnknownHost, $"No host \"{host}\" has ever reported: GET /v1/hosts lists those that have.");
}
