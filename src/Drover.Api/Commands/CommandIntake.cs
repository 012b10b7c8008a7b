using Drover.Api.Problems;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Commands;
using Drover.Contracts.Views;
using Drover.Store;
using Drover.Store.Outbox;
using MassTransit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;

namespace Drover.Api.Commands;

/// <summary>Takes a command from HTTP to the bus: read as strictly as there, and answered 202 only once its outbox row is committed.</summary>
internal sealed class CommandIntake(DroverDbContext db, IPublishEndpoint bus, ILogger<CommandIntake> logger)
{
    /// <summary>The command in the request's body, or the answer that refuses it.</summary>
    public Task<(T? Command, ProblemHttpResult? Refusal)> Read<T>(HttpRequest request, Guid migrationId, CancellationToken cancellationToken)
        where T : class => Read<T>(request, "migrationId", migrationId.ToString(), cancellationToken);

    /// <summary>The same; the member that the address names may be left out of the body.</summary>
    public async Task<(T? Command, ProblemHttpResult? Refusal)> Read<T>(HttpRequest request, string member, string value, CancellationToken cancellationToken)
        where T : class
    {
        var name = RoutingKeys.Commands[typeof(T)];
        var body = await CommandBody.Read(request, cancellationToken);
        if (body.Length > 0 && !request.HasJsonContentType())
            return (null, Refused(name, 415, Problem.CodeOf(415), "A command is JSON: send it with \"Content-Type: application/json\"."));
        if (body.Length > CommandBody.MaxBytes)
            return (null, Refused(name, 413, Problem.CodeOf(413), "The body is larger than 64 KiB; a command never is."));
        return CommandReader.Read<T>(CommandBody.With(body, member, value)) switch
        {
            CommandRead<T>.Ok ok => (ok.Command, null),
            CommandRead<T>.Rejected no => (null, Refused(name, no.Code == RejectionCode.BodyTooLarge ? 413 : 400, Problem.CodeOf(no.Code), no.Message)),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is no outcome of reading a command."),
        };
    }

    /// <summary>Commits the command's outbox row. From here on it is carried out or rejected by an event, whatever becomes of this process.</summary>
    public Task<Results<Accepted<CommandAccepted>, ProblemHttpResult>> Accept<T>(T command, Guid migrationId, HttpContext context, CancellationToken cancellationToken)
        where T : class => Accept(command, $"/v1/migrations/{migrationId}", new CommandAccepted { MigrationId = migrationId }, context, migrationId, cancellationToken);

    /// <summary>The same, with the answer to give.</summary>
    public async Task<Results<Accepted<TAnswer>, ProblemHttpResult>> Accept<T, TAnswer>(T command, string address, TAnswer answer, HttpContext context, Guid? migrationId, CancellationToken cancellationToken)
        where T : class
    {
        var name = RoutingKeys.Commands[typeof(T)];
        using var scope = migrationId is { } id ? logger.BeginScope(new Dictionary<string, object> { ["MigrationId"] = id }) : null;
        try
        {
            await using var transaction = await db.BeginWriteTransaction(cancellationToken);
            await bus.Publish(Wire.Command(command), cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            await transaction.Commit(cancellationToken);
        }
        catch (Exception exception) when (ErrorAnswers.IsDatabaseAway(exception))
        {
            // A commit whose answer was lost may have happened: only the same id makes a second try harmless.
            Log.DatabaseAway(logger, exception, context.Request.Method, context.Request.Path.ToString());
            context.Response.Headers.RetryAfter = "5";
            return Problem.DatabaseAway(
                $"whether the command was kept is not known; send it again{(migrationId is null ? "" : " with this migrationId")} and it will be carried out once.", migrationId);
        }
        Log.Accepted(logger, name);
        return TypedResults.Accepted(address, answer);
    }

    private ProblemHttpResult Refused(string command, int status, string code, string reason)
    {
        Log.Refused(logger, command, code, reason);
        return Problem.Of(status, code, reason);
    }
}
