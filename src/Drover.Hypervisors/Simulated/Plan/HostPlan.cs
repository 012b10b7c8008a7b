namespace Drover.Hypervisors.Simulated;

/// <summary>A simulated host.</summary>
public sealed record HostPlan
{
    /// <summary>Its name; also its address for peers, <c>sim://NAME</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its hypervisor's UUID.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Memory for guests, in bytes. Active guests share it; none is given twice.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Logical processors. They are shown and slow nothing down.</summary>
    public required int Processors { get; init; }

    /// <summary>The link that its migrations go over. Hosts that name the same one share it.</summary>
    public required string Link { get; init; }

    /// <summary>Speed of the host's own end, each way; null when only the link limits it.</summary>
    public long? BytesPerSecond { get; init; }
}
