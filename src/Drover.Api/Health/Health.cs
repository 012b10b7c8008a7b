using Drover.Api.Problems;
using Drover.Bus;
using Drover.Store;
using Drover.Store.Schema;
using MassTransit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;

namespace Drover.Api.Health;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: it can also do its work, or says what keeps it from that.</summary>
internal static class Health
{
    public static Ok<HealthAnswer> Live() => TypedResults.Ok(new HealthAnswer("live"));

    public static async Task<Results<Ok<HealthAnswer>, ProblemHttpResult>> Ready(DroverDbContext db, IBusControl bus, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var reasons = new[] { await db.WhyNotReady(cancellationToken), BusReadiness.WhyNot(bus) }.OfType<string>().ToList();
        if (reasons.Count == 0)
            return TypedResults.Ok(new HealthAnswer("ready"));
        var reason = string.Join(" ", reasons);
        Log.NotReady(logs.CreateLogger(typeof(Health)), reason);
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, "not-ready", reason);
    }
}

/// <summary>A good answer of a health check.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
internal sealed record HealthAnswer(string Status);
