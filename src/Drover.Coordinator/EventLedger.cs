using System.Text;
using Drover.Bus;
using Drover.Store;
using Drover.Store.Migrations;
using MassTransit;

namespace Drover.Coordinator;

/// <summary>The one place where an event is kept and published: the table and the wire get the very same bytes, in the transaction of what they tell of.</summary>
internal sealed class EventLedger(DroverDbContext db, IdSource ids, TimeProvider time)
{
    public DateTimeOffset Now => time.GetUtcNow();

    public Guid NewId() => ids.Next(Now);

    public Task KeepAndPublish(ConsumeContext context, WireEvent wire, DateTimeOffset occurredAt, Guid? migrationId = null, long? sequence = null)
    {
        db.Events.Add(new EventRow
        {
            MigrationId = migrationId,
            Sequence = sequence,
            RoutingKey = wire.RoutingKey,
            OccurredAt = occurredAt,
            Body = Encoding.UTF8.GetString(wire.Body),
        });
        return context.Publish(wire, context.CancellationToken);
    }
}
