using Drover.Bus;
using Drover.Contracts.Commands;
using Drover.Contracts.Hosts;
using Drover.Coordinator.Hosts;
using Drover.Store;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Intake;

/// <summary>From the bytes of a confirm-host-down command to the host's saga, or to one rejection with a reason.</summary>
internal sealed class ConfirmHostDownIntake(DroverDbContext db, RejectionDesk desk) : IConsumer<CommandBytes>
{
    public async Task Consume(ConsumeContext<CommandBytes> context)
    {
        var read = CommandReader.Read<ConfirmHostDown>(context.Message.Body);
        if (read is CommandRead<ConfirmHostDown>.Rejected rejected)
        {
            await desk.Reject(context, rejected.Code, rejected.Message, null);
            return;
        }

        var command = ((CommandRead<ConfirmHostDown>.Ok)read).Command;
        if (!await db.HostReports.AnyAsync(row => row.Host == command.Host, context.CancellationToken))
        {
            await desk.Reject(context, RejectionCode.UnknownHost, Rejections.UnknownHost(command.Host), null, command.Host);
            return;
        }

        await context.SendTo(
            Queues.Hosts,
            new ConfirmDown { Host = command.Host, CommandMessageId = context.Message.MessageId, RequestedBy = command.RequestedBy, Reason = command.Reason },
            context.CancellationToken);
    }
}
