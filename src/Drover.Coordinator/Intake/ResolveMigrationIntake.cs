using Drover.Bus;
using Drover.Contracts.Commands;
using Drover.Contracts.Migrations;
using Drover.Coordinator.Migrations;
using Drover.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Intake;

/// <summary>From the bytes of a resolve-migration command to the saga, or to one rejection with a reason.</summary>
internal sealed class ResolveMigrationIntake(DroverDbContext db, RejectionDesk desk) : IConsumer<CommandBytes>
{
    public async Task Consume(ConsumeContext<CommandBytes> context)
    {
        var read = CommandReader.Read<ResolveMigration>(context.Message.Body);
        if (read is CommandRead<ResolveMigration>.Rejected rejected)
        {
            await desk.Reject(context, rejected.Code, rejected.Message, rejected.MigrationId);
            return;
        }

        var command = ((CommandRead<ResolveMigration>.Ok)read).Command;
        if (!await db.Migrations.AnyAsync(row => row.CorrelationId == command.MigrationId, context.CancellationToken))
        {
            await desk.Reject(context, RejectionCode.UnknownMigration, Rejections.UnknownMigration(command.MigrationId), command.MigrationId);
            return;
        }

        await context.SendTo(
            Queues.Migrations,
            new RequestResolution
            {
                MigrationId = command.MigrationId,
                CommandMessageId = context.Message.MessageId,
                Outcome = command.Outcome,
                Statement = command.Statement,
                RequestedBy = command.RequestedBy,
                Reason = command.Reason,
            },
            context.CancellationToken);
    }
}
