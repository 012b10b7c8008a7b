using Drover.Api.Problems;
using Drover.Bus;
using Drover.Contracts.Views;
using Drover.Store;
using Drover.Store.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Drover.Api.Queues;

/// <summary><c>GET /v1/queues</c> and <c>GET /v1/queues/{queue}</c>. In one process there is the outbox alone: it keeps what queues in memory would lose.</summary>
internal static class ShowQueues
{
    private const int MostShown = 1000;

    public static async Task<Ok<QueueList>> All(DroverDbContext db, [FromServices] BrokerQueues? broker, CancellationToken cancellationToken)
    {
        var outbox = await OutboxQuery.Read(db, cancellationToken);
        if (broker is null)
            return TypedResults.Ok(new QueueList { Queues = [outbox] });
        var hosts = await db.HostReports.AsNoTracking().Select(report => report.Host).ToListAsync(cancellationToken);
        return TypedResults.Ok(new QueueList { Queues = [outbox, .. await broker.List(hosts, cancellationToken)] });
    }

    public static async Task<Results<Ok<QueueDetail>, ProblemHttpResult>> One(
        string queue, int? limit, DroverDbContext db, [FromServices] BrokerQueues? broker, CancellationToken cancellationToken)
    {
        var most = limit ?? 20;
        if (most is < 1 or > MostShown)
            return Problem.Of(400, "invalid-value", $"limit is {most}; it is from 1 to {MostShown}.");
        if (queue == OutboxQuery.Name)
            return TypedResults.Ok(new QueueDetail { Queue = await OutboxQuery.Read(db, cancellationToken), Failed = await OutboxQuery.Failed(db, most, cancellationToken) });
        return QueueName.IsOurs(queue) && broker is not null && await broker.Show(queue, most, cancellationToken) is { } detail ? TypedResults.Ok(detail) : QueueName.NotThere(queue);
    }
}
