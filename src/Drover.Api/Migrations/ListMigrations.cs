using Drover.Api.Problems;
using Drover.Contracts.Commands;
using Drover.Contracts.Views;
using Drover.Store;
using Drover.Store.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Drover.Api.Migrations;

/// <summary><c>GET /v1/migrations?state=&amp;host=&amp;guest=&amp;limit=&amp;cursor=</c>: newest first.</summary>
internal static class ListMigrations
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 500;   // a page is one answer in memory: about a kilobyte each

    public static async Task<Results<Ok<MigrationList>, ProblemHttpResult>> Handle(
        string? state, string? host, string? guest, int? limit, string? cursor, DroverDbContext db, CancellationToken cancellationToken)
    {
        if (state is not (null or MigrationFilter.Unfinished or MigrationFilter.Ended) && MigrationStates.Stored(state) is null)
            return Invalid($"There is no state \"{state}\": it is one of {string.Join(", ", MigrationStates.All)}, or {MigrationFilter.Unfinished} or {MigrationFilter.Ended}.");
        if (limit is < 1 or > MaxLimit)
            return Invalid($"limit is a number from 1 to {MaxLimit}.");
        var after = cursor is null ? null : MigrationCursor.Parse(cursor);
        if (cursor is not null && after is null)
            return Invalid("cursor is the \"next\" of an earlier page, given back as it was.");

        var filter = new MigrationFilter { State = state, Host = host, Guest = guest, Limit = limit ?? DefaultLimit, After = after };
        return TypedResults.Ok(await MigrationListQuery.Read(db, filter, cancellationToken));
    }

    private static ProblemHttpResult Invalid(string detail) => Problem.Of(400, RejectionCode.InvalidValue, detail);
}
