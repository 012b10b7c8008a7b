using System.Data.Common;
using System.Net.Sockets;
using Drover.Bus;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Drover.Api.Problems;

/// <summary>Turns what an endpoint throws into problem details: 503 when the database is away, the request's own fault as it is, 500 for a fault of ours.</summary>
internal sealed class ErrorAnswers(ILogger<ErrorAnswers> logger) : IExceptionHandler
{
    /// <summary>Whether the database is behind it: unreachable, too slow, or refusing.</summary>
    public static bool IsDatabaseAway(Exception? exception) => exception switch
    {
        null => false,
        DbException or TimeoutException or SocketException => true,
        _ => IsDatabaseAway(exception.InnerException),
    };

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var (method, path) = (httpContext.Request.Method, httpContext.Request.Path.ToString());
        if (exception is BadHttpRequestException bad)
        {
            await Problem.Of(bad.StatusCode, Problem.CodeOf(bad.StatusCode), bad.Message).ExecuteAsync(httpContext);
        }
        else if (exception is not BrokerAwayException && IsDatabaseAway(exception))
        {
            Log.DatabaseAway(logger, exception, method, path);
            httpContext.Response.Headers.RetryAfter = "5";
            await Problem.DatabaseAway("try again in a few seconds.").ExecuteAsync(httpContext);
        }
        else if (exception is BrokerAwayException away)
        {
            Log.BrokerAway(logger, method, path, away.Message);
            httpContext.Response.Headers.RetryAfter = "5";
            await Problem.Of(StatusCodes.Status503ServiceUnavailable, "broker-away", $"{away.Message}. Try again in a few seconds.").ExecuteAsync(httpContext);
        }
        else
        {
            Log.Failed(logger, exception, method, path);
            await Problem.Of(StatusCodes.Status500InternalServerError, Problem.CodeOf(500), "The API failed on this request; its log says why.").ExecuteAsync(httpContext);
        }
        return true;
    }
}
