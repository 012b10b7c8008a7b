using Drover.Bus;
using Drover.Store.Outbox;
using MassTransit;

namespace Drover.Coordinator.Migrations;

/// <summary>An order that the broker could route to no queue: its host has no agent, or never had one. The migration hears of it like of an expired one.</summary>
internal sealed class UndeliverableOrders(ISendEndpointProvider send) : IUndeliverableMessageObserver
{
    public async Task<bool> Undeliverable(OutboxMessage message, string reason, CancellationToken cancellationToken)
    {
        if (UnroutableOrder.Read(message.Body, message.Properties) is not { } order)
            return false;
        if (order.MigrationId != Guid.Empty)
            await send.SendTo(Queues.Migrations, order, cancellationToken);
        return true;    // who gave it gives it again when it is time: the row is of no more use
    }
}
