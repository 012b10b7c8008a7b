using System.Text.Json;
using Drover.Contracts.Commands;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Drover.Api.Problems;

/// <summary>Every error of the API: RFC 9457 problem details with a <c>code</c> for programs and a sentence for people.</summary>
internal static class Problem
{
    public const string DatabaseAwayCode = "database-away";

    public static ProblemHttpResult Of(int status, string code, string detail, Guid? migrationId = null)
    {
        var extensions = new Dictionary<string, object?> { ["code"] = code };
        if (migrationId is not null)
            extensions["migrationId"] = migrationId;
        return TypedResults.Problem(detail: detail, statusCode: status, extensions: extensions);
    }

    public static ProblemHttpResult Of(int status, RejectionCode code, string detail, Guid? migrationId = null) => Of(status, CodeOf(code), detail, migrationId);

    public static ProblemHttpResult DatabaseAway(string what, Guid? migrationId = null) =>
        Of(StatusCodes.Status503ServiceUnavailable, DatabaseAwayCode, $"The database is away: {what}", migrationId);

    /// <summary>The code as events write it ("unknown-guest").</summary>
    public static string CodeOf(RejectionCode code) => JsonNamingPolicy.KebabCaseLower.ConvertName(code.ToString());

    /// <summary>The code of an error that carries none of its own.</summary>
    public static string CodeOf(int status) => status switch
    {
        400 => CodeOf(RejectionCode.InvalidValue),
        403 => "forbidden",
        404 => "unknown-route",
        405 => "method-not-allowed",
        413 => CodeOf(RejectionCode.BodyTooLarge),
        415 => "unsupported-media-type",
        503 => DatabaseAwayCode,
        504 => "took-too-long",
        _ => "internal",
    };
}
