namespace Drover.Hypervisors;

/// <summary>Everything that one hypervisor call needs to move one guest.</summary>
public sealed record TransferPlan
{
    /// <summary>The guest.</summary>
    public required Guid Guest { get; init; }

    /// <summary>The destination's hypervisor, as the source's can reach it ("qemu+tcp://10.0.0.2/system").</summary>
    public required string PeerUri { get; init; }

    /// <summary>Where the memory stream goes ("tcp://10.0.0.2"); null lets the destination choose.</summary>
    public string? MigrateUri { get; init; }

    /// <summary>Cap in bytes per second, rounded down to whole MiB/s, at least 1 MiB/s (libvirt's unit); null is no cap.</summary>
    public long? BandwidthBytesPerSecond { get; init; }

    /// <summary>Whether the destination should keep the definition and the source forget it: true for a persistent guest.</summary>
    public required bool Persistent { get; init; }
}

/// <summary>How the hypervisor's call returned. A hint, never a verdict.</summary>
/// <param name="Success">The call returned without an error.</param>
/// <param name="Error">The hypervisor's own words when it did not.</param>
/// <param name="Totals">What the job moved, where the hypervisor still knows.</param>
public sealed record TransferEnd(bool Success, string? Error, TransferTotals? Totals);

/// <summary>What a finished job moved (libvirt: completed job statistics; erased by any failed migration).</summary>
public sealed record TransferTotals
{
    /// <summary>Wall time of the job.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Pause at switch-over as libvirt measured it; null when it did not.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>Bytes sent, memory and disks.</summary>
    public required long TransferredBytes { get; init; }

    /// <summary>Passes over memory.</summary>
    public required long Passes { get; init; }
}
