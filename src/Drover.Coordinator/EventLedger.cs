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
        Keep(wire, occurredAt, migrationId, sequence);
        return context.Publish(wire, context.CancellationToken);
    }

    /// <summary>The same from a loop, whose scope has an outbox of its own.</summary>
    public Task KeepAndPublish(IPublishEndpoint publish, WireEvent wire, DateTimeOffset occurredAt, CancellationToken cancellationToken)
    {
        Keep(wire, occurredAt, null, null);
        return publish.Publish(wire, cancellationToken);
    }

    private void Keep(WireEvent wire, DateTimeOffset occurredAt, Guid? migrationId, long? sequence) =>
        db.Events.Add(new EventRow
        {
            MigrationId = migrationId,
            Sequence = sequence,
            RoutingKey = wire.RoutingKey,
            OccurredAt = occurredAt,
            Body = Encoding.UTF8.GetString(wire.Body),
        });
}
