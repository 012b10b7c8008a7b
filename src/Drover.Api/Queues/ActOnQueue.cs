using System.Globalization;
using System.Text.Json;
using Drover.Api.Commands;
using Drover.Api.Problems;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Views;
using Drover.Store;
using Drover.Store.Outbox;
using Drover.Store.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;

namespace Drover.Api.Queues;

/// <summary>
/// <c>POST /v1/queues/{queue}/retry</c> and <c>/drop</c>: has failed messages tried again, or throws them away. Asking twice is asking once, and the log says
/// who asked for what.
/// </summary>
internal sealed class ActOnQueue(DroverDbContext db, ParkedRows parked, ILogger<ActOnQueue> logger, BrokerQueues? broker = null)
{
    public static Task<Results<Ok<FailedMessagesActed>, ProblemHttpResult>> Retry(string queue, HttpRequest request, [FromServices] ActOnQueue act, CancellationToken cancellationToken) =>
        act.Do(queue, request, retry: true, cancellationToken);

    public static Task<Results<Ok<FailedMessagesActed>, ProblemHttpResult>> Drop(string queue, HttpRequest request, [FromServices] ActOnQueue act, CancellationToken cancellationToken) =>
        act.Do(queue, request, retry: false, cancellationToken);

    private async Task<Results<Ok<FailedMessagesActed>, ProblemHttpResult>> Do(string queue, HttpRequest request, bool retry, CancellationToken cancellationToken)
    {
        var (action, refusal) = await Read(request, cancellationToken);
        if (action is null)
            return refusal!;
        var ids = action.All ? null : action.Ids;
        var done = queue == OutboxQuery.Name
            ? await OnOutbox(ids, retry, cancellationToken)
            : QueueName.IsOurs(queue) && broker is not null ? await (retry ? broker.Retry(queue, ids, cancellationToken) : broker.Drop(queue, ids, cancellationToken)) : null;
        if (done is null)
            return QueueName.NotThere(queue);
        var which = ids is null ? "all" : string.Join(' ', ids);
        Log.FailedMessagesActed(logger, retry ? "retried" : "dropped", done.Messages, queue, which, action.RequestedBy ?? "somebody", action.Reason ?? "no reason given");
        return TypedResults.Ok(done);
    }

    private async Task<FailedMessagesActed> OnOutbox(IReadOnlyList<string>? ids, bool retry, CancellationToken cancellationToken)
    {
        // What is no number is no row's: it is not there.
        var rows = ids?.Select(id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var row) ? row : 0).ToList();
        var done = retry ? await parked.Retry(rows, cancellationToken) : await parked.Drop(rows, cancellationToken);
        return new FailedMessagesActed { Queue = OutboxQuery.Name, Messages = done, Left = (await OutboxQuery.Read(db, cancellationToken)).Failed };
    }

    private static async Task<(FailedMessagesAction?, ProblemHttpResult?)> Read(HttpRequest request, CancellationToken cancellationToken)
    {
        var body = await CommandBody.Read(request, cancellationToken);
        if (!request.HasJsonContentType())
            return (null, Problem.Of(415, Problem.CodeOf(415), "Say which messages in JSON: send it with \"Content-Type: application/json\"."));
        if (body.Length > CommandBody.MaxBytes)
            return (null, Problem.Of(413, Problem.CodeOf(413), "The body is larger than 64 KiB: name fewer messages at once."));
        try
        {
            var action = JsonSerializer.Deserialize<FailedMessagesAction>(body, ContractsJson.Strict);
            return action is { All: true, Ids: null } or { All: false, Ids.Count: > 0 }
                ? (action, null)
                : (null, Problem.Of(400, "invalid-value", "Name messages in \"ids\", or write \"all\": true."));
        }
        catch (JsonException error)
        {
            return (null, Problem.Of(400, "not-json", $"The body is not what this takes: {error.Message}"));
        }
    }
}
