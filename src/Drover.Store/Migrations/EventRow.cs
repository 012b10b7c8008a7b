namespace Drover.Store.Migrations;

/// <summary>A published event, as it was published. Append-only: it feeds timelines, the live feed's resume, and replays.</summary>
public sealed class EventRow
{
    /// <summary>Grows over all migrations; assigned by the database.</summary>
    public long Id { get; set; }

    /// <summary>The migration; null for a host's event.</summary>
    public Guid? MigrationId { get; set; }

    /// <summary>The event's number within its migration; null for a host's event.</summary>
    public long? Sequence { get; set; }

    /// <summary>Its routing key.</summary>
    public string RoutingKey { get; set; } = null!;

    /// <summary>When it happened.</summary>
    public DateTimeOffset OccurredAt { get; set; }

    /// <summary>Its JSON body.</summary>
    public string Body { get; set; } = null!;
}
