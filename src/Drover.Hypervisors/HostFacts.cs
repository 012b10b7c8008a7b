namespace Drover.Hypervisors;

/// <summary>A host as its hypervisor describes it.</summary>
public sealed record HostFacts
{
    /// <summary>The host's own name, as its hypervisor gives it.</summary>
    public required string Name { get; init; }

    /// <summary>The hypervisor's UUID of the host: two hosts with the same one refuse to migrate to each other.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Version of libvirt's daemon, "9.0.0".</summary>
    public required string LibvirtVersion { get; init; }

    /// <summary>Version of QEMU, "7.2.0".</summary>
    public required string QemuVersion { get; init; }

    /// <summary>Physical memory in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Memory that could be given to a guest now, in bytes.</summary>
    public required long FreeMemoryBytes { get; init; }

    /// <summary>Logical processors.</summary>
    public required int Processors { get; init; }

    /// <summary>Network links, in the kernel's order; none for a host that is another machine, seen over libvirt alone.</summary>
    public required IReadOnlyList<LinkFacts> Links { get; init; }
}

/// <summary>A network link of a host (sysfs: /sys/class/net).</summary>
/// <param name="Name">The interface's name.</param>
/// <param name="SpeedMbit">Speed in Mbit/s as the kernel gives it; null when it gives none.</param>
/// <param name="Up">Whether the kernel says that it is up.</param>
public sealed record LinkFacts(string Name, long? SpeedMbit, bool Up);
