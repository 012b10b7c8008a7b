using Drover.Bus;
using Drover.Contracts.Commands;
using Drover.Contracts.Migrations;
using Drover.Coordinator.Migrations;
using Drover.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Intake;

/// <summary>From the bytes of a cancel-migration command to the saga, or to one rejection with a reason.</summary>
internal sealed class CancelMigrationIntake(DroverDbContext db, RejectionDesk desk, MigrationLedger ledger) : IConsumer<CommandBytes>
{
    public async Task Consume(ConsumeContext<CommandBytes> context)
    {
        var read = CommandReader.Read<CancelMigration>(context.Message.Body);
        if (read is CommandRead<CancelMigration>.Rejected rejected)
        {
            await desk.Reject(context, rejected.Code, rejected.Message, rejected.MigrationId);
            return;
        }

        var command = ((CommandRead<CancelMigration>.Ok)read).Command;
        if (!await db.Migrations.AnyAsync(row => row.CorrelationId == command.MigrationId, context.CancellationToken))
        {
            if (await ledger.TombstoneOf(command.MigrationId, context.CancellationToken) is not null)
            {
                await desk.Reject(context, RejectionCode.AlreadyEnded, $"Migration {command.MigrationId} ended long ago: there is nothing left to cancel.", command.MigrationId);
                return;
            }

            await desk.Reject(
                context,
                RejectionCode.UnknownMigration,
                Rejections.UnknownMigration(command.MigrationId),
                command.MigrationId);
            return;
        }

        await context.SendTo(
            Queues.Migrations,
            new RequestCancel
            {
                MigrationId = command.MigrationId,
                CommandMessageId = context.Message.MessageId,
                RequestedBy = command.RequestedBy,
                Reason = command.Reason,
            },
            context.CancellationToken);
    }
}
