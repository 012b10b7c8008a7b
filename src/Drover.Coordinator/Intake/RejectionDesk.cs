using Drover.Bus;
using Drover.Contracts.Commands;
using Drover.Coordinator.Migrations;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Drover.Coordinator.Intake;

/// <summary>Where a command without effect is answered: one event, one line in the log, and the queue goes on.</summary>
internal sealed class RejectionDesk(MigrationLedger ledger, ILogger<RejectionDesk> log)
{
    public Task Reject(ConsumeContext<CommandBytes> context, RejectionCode code, string message, Guid? migrationId, string? host = null)
    {
        Log.CommandRejected(log, context.Message.RoutingKey, code, message);
        return ledger.Reject(context, context.Message.RoutingKey, code, message, migrationId, context.Message.MessageId, host);
    }
}
