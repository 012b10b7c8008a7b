namespace Drover.Store.Hosts;

/// <summary>A guest in one host's inventory. While it moves it is in two hosts' inventories.</summary>
public sealed class GuestRow
{
    /// <summary>The host.</summary>
    public string Host { get; set; } = null!;

    /// <summary>The guest.</summary>
    public Guid Uuid { get; set; }

    /// <summary>Its name there.</summary>
    public string Name { get; set; } = null!;

    /// <summary>Memory in bytes.</summary>
    public long MemoryBytes { get; set; }

    /// <summary>Virtual CPUs.</summary>
    public int Vcpus { get; set; }

    /// <summary>Power state, as in a sighting.</summary>
    public string Power { get; set; } = null!;

    /// <summary>The job on it, as in a sighting.</summary>
    public string Job { get; set; } = null!;

    /// <summary>The highest epoch that its mark has seen; 0 without a mark. A new migration's orders start above it, or its agent would refuse them.</summary>
    public long MarkEpoch { get; set; }

    /// <summary>The migration that its mark names; null without a mark.</summary>
    public Guid? MarkMigrationId { get; set; }

    /// <summary>Operators' metadata as XML text.</summary>
    public string? Metadata { get; set; }
}
