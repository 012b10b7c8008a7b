namespace Drover.Policy.Model;

/// <summary>
/// Drover's own metadata on a guest (<c>urn:drover:mark:1</c>). It is written before the libvirt call (metadata cannot change during a migration),
/// stays after the end and travels with the guest, so that a restarted agent finds its migrations, and a host can testify which attempt brought a guest.
/// </summary>
public sealed record Mark
{
    /// <summary>The migration that last touched the guest.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Its attempt, counted from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The highest epoch seen: an order with a lower one is refused.</summary>
    public required long Epoch { get; init; }

    /// <summary>The host it moves from.</summary>
    public required string Source { get; init; }

    /// <summary>The host it moves to.</summary>
    public required string Destination { get; init; }

    /// <summary>The downtime limit that the guest's QEMU had before Drover set its own; put back when the guest stays.</summary>
    public TimeSpan? DowntimeLimitBefore { get; init; }

    /// <summary>The greatest downtime that this attempt may use.</summary>
    public TimeSpan? MaxDowntime { get; init; }

    /// <summary>The last event sequence that the coordinator had announced when it gave the order; progress refers to it.</summary>
    public long AfterSequence { get; init; }
}
