using Drover.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Drover.Api.Queues;

/// <summary>The queues that may be named: a broker can be shared, and other programs' queues are none of Drover's business.</summary>
internal static class QueueName
{
    public static bool IsOurs(string queue) => queue.StartsWith("drover.", StringComparison.Ordinal);

    public static ProblemHttpResult NotThere(string queue) => Problem.Of(404, "unknown-queue", $"Drover has no queue \"{queue}\": GET /v1/queues lists those that there are.");
}
