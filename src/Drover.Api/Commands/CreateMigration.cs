using Drover.Contracts.Migrations;
using Drover.Contracts.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Drover.Api.Commands;

/// <summary><c>POST /v1/migrations</c>: asks for a guest to be moved. Whether the guest and the hosts exist is the coordinator's to say, after the 202.</summary>
internal static class CreateMigration
{
    public static async Task<Results<Accepted<CommandAccepted>, ProblemHttpResult>> Handle(CommandIntake intake, HttpContext context, CancellationToken cancellationToken)
    {
        var (command, refusal) = await intake.Read<MigrateGuest>(context.Request, Guid.CreateVersion7(), cancellationToken);
        return command is null ? refusal! : await intake.Accept(command, command.MigrationId, context, cancellationToken);
    }
}
