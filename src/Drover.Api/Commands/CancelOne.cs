using Drover.Api.Problems;
using Drover.Contracts.Commands;
using Drover.Contracts.Migrations;
using Drover.Contracts.Views;
using Drover.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Drover.Api.Commands;

/// <summary><c>POST /v1/migrations/{id}/cancel</c>: asks for a migration to be cancelled; the body may say by whom and why.</summary>
internal static class CancelOne
{
    public static async Task<Results<Accepted<CommandAccepted>, ProblemHttpResult>> Handle(
        Guid id, DroverDbContext db, CommandIntake intake, HttpContext context, CancellationToken cancellationToken)
    {
        var (command, refusal) = await intake.Read<CancelMigration>(context.Request, id, cancellationToken);
        if (command is null)
            return refusal!;
        if (command.MigrationId != id)
            return Problem.Of(400, RejectionCode.InvalidValue, $"The body names migration {command.MigrationId}, the address {id}: leave migrationId out of the body.", id);

        var found = await db.Migrations.AsNoTracking().Where(migration => migration.CorrelationId == id)
            .Select(migration => new { migration.EndedAt }).FirstOrDefaultAsync(cancellationToken);
        return found switch
        {
            null => await Migrations.NotThere.Why(db, id, cancellationToken),
            { EndedAt: { } ended } => Problem.Of(409, RejectionCode.AlreadyEnded, $"The migration ended at {ended.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: there is nothing to cancel.", id),
            _ => await intake.Accept(command, id, context, cancellationToken),
        };
    }
}
