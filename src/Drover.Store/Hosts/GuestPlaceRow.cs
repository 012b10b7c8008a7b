namespace Drover.Store.Hosts;

/// <summary>Where a guest was last known to run, and how it came there: what makes a move by other hands visible. Outlives the inventories' rows.</summary>
public sealed class GuestPlaceRow
{
    /// <summary>The guest.</summary>
    public Guid Uuid { get; set; }

    /// <summary>Its name there.</summary>
    public string Name { get; set; } = null!;

    /// <summary>The host.</summary>
    public string Host { get; set; } = null!;

    /// <summary>Since when.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>How it came there, in words: "first seen there", "migration …", "moved by other hands from …".</summary>
    public string How { get; set; } = null!;
}
