namespace Drover.Hypervisors.Simulated;

/// <summary>A simulated guest. It runs when the world begins.</summary>
public sealed record GuestPlan
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its UUID.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>The host where it runs when the world begins.</summary>
    public required string Host { get; init; }

    /// <summary>Memory in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Bytes of memory that are not zero: what a transfer must send once at least.</summary>
    public required long NonZeroBytes { get; init; }

    /// <summary>Bytes of memory that its work writes to; at most <see cref="NonZeroBytes"/>.</summary>
    public required long HotSetBytes { get; init; }

    /// <summary>How fast it dirties pages, bytes per second, each page counted as often as it is dirtied. 0 is idle.</summary>
    public required long DirtyBytesPerSecond { get; init; }

    /// <summary>In which order it writes to its hot set.</summary>
    public WriteOrder WriteOrder { get; init; }

    /// <summary>
    /// How fast it could dirty pages if its work never rested, bytes per second, at least <see cref="DirtyBytesPerSecond"/>; null when it never does. A guest
    /// that rests catches up when it is throttled: one that needs 2 % of its CPUs dirties as before until it gets less.
    /// </summary>
    public long? MostDirtyBytesPerSecond { get; init; }

    /// <summary>Virtual CPUs.</summary>
    public required int Vcpus { get; init; }

    /// <summary>Whether the hypervisor keeps its definition when it is off.</summary>
    public bool Persistent { get; init; } = true;

    /// <summary>Operators' own metadata (<c>urn:drover:guest:1</c>) as XML text; null for none.</summary>
    public string? Metadata { get; init; }
}
