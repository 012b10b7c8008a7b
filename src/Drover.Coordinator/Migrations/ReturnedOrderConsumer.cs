using Drover.Bus;
using Drover.Contracts.Agents;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace Drover.Coordinator.Migrations;

/// <summary>An order that no agent took in its time: the migration hears of it, and so does the log.</summary>
internal sealed class ReturnedOrderConsumer(ILogger<ReturnedOrderConsumer> log) : IConsumer<OrderReturned>
{
    public Task Consume(ConsumeContext<OrderReturned> context)
    {
        var order = context.Message;
        if (order.MigrationId == Guid.Empty)
            return Task.CompletedTask;      // about no migration: whoever needs it asks again
        Log.OrderReturned(log, order.Order, order.MigrationId, order.Host, order.Reason);
        return context.SendTo(Queues.Migrations, order, context.CancellationToken);
    }
}
