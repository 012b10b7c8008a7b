using Drover.Api.Problems;
using Drover.Contracts.Commands;
using Drover.Contracts.Migrations;
using Drover.Contracts.Views;
using Drover.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Drover.Api.Commands;

/// <summary><c>POST /v1/migrations/{id}/resolve</c>: ends a migration that is unsure, on an operator's word. What came of it stands in the migration's decisions.</summary>
internal static class ResolveOne
{
    public static async Task<Results<Accepted<CommandAccepted>, ProblemHttpResult>> Handle(
        Guid id, DroverDbContext db, CommandIntake intake, HttpContext context, CancellationToken cancellationToken)
    {
        var (command, refusal) = await intake.Read<ResolveMigration>(context.Request, id, cancellationToken);
        if (command is null)
            return refusal!;
        if (command.MigrationId != id)
            return Problem.Of(400, RejectionCode.InvalidValue, $"The body names migration {command.MigrationId}, the address {id}: leave migrationId out of the body.", id);

        var found = await db.Migrations.AsNoTracking().Where(migration => migration.CorrelationId == id)
            .Select(migration => new { migration.EndedAt, migration.CurrentState }).FirstOrDefaultAsync(cancellationToken);
        return found switch
        {
            null => await Migrations.NotThere.Why(db, id, cancellationToken),
            { EndedAt: { } ended } => Problem.Of(409, RejectionCode.AlreadyEnded, $"The migration ended at {ended.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: there is nothing to resolve.", id),
            { CurrentState: not "Unsure" } => Problem.Of(409, RejectionCode.NotUnsure, $"The migration is {Store.Views.MigrationStates.Public(found.CurrentState)}, not unsure: its hosts' evidence decides it.", id),
            _ => await intake.Accept(command, id, context, cancellationToken),
        };
    }
}
