using System.Data.Common;
using Drover.Api.Problems;
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
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    public static Ok<HealthAnswer> Live() => TypedResults.Ok(new HealthAnswer("live"));

    public static async Task<Results<Ok<HealthAnswer>, ProblemHttpResult>> Ready(DroverDbContext db, IBusControl bus, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var reasons = new[] { await Database(db, cancellationToken), Bus(bus) }.OfType<string>().ToList();
        if (reasons.Count == 0)
            return TypedResults.Ok(new HealthAnswer("ready"));
        var reason = string.Join(" ", reasons);
        Log.NotReady(logs.CreateLogger(typeof(Health)), reason);
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, "not-ready", reason);
    }

    private static async Task<string?> Database(DroverDbContext db, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_patience);
        try
        {
            await db.RequireSchema(patience.Token);
            return null;
        }
        catch (SchemaOutdatedException outdated)
        {
            return outdated.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"The database did not answer in {_patience.TotalSeconds:0} s.";
        }
        catch (Exception exception) when (ErrorAnswers.IsDatabaseAway(exception))
        {
            return $"The database is away: {Innermost(exception).Message}.";
        }
    }

    private static string? Bus(IBusControl bus) =>
        bus.CheckHealth() is { Status: not BusHealthStatus.Healthy } health ? $"The bus is away: {health.Description}." : null;

    private static Exception Innermost(Exception exception) => exception.InnerException is { } inner and not DbException ? Innermost(inner) : exception;
}

/// <summary>A good answer of a health check.</summary>
/// <param name="Status"><c>live</c> or <c>ready</c>.</param>
internal sealed record HealthAnswer(string Status);
