namespace Drover.Contracts.Agents;

// agent → coordinator: HostReported, at start, every few seconds, and at once when the inventory changes. There is no answer,
// coordinator → agent: but HostFloor, when the report asks for it.

/// <summary>An agent says that it is there, and what its host holds. It speaks for its own libvirt only.</summary>
public sealed record HostReported
{
    /// <summary>The host.</summary>
    public required string Host { get; init; }

    /// <summary>This agent process: another one on the same host has another id.</summary>
    public required Guid AgentId { get; init; }

    /// <summary>Counts the reports of this process from 1, those that could not be told among them.</summary>
    public required long Report { get; init; }

    /// <summary>When it was sent, by the host's clock.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>The agent has started, or could not report for a while, and begins nothing before it is told its host's floor.</summary>
    public bool AsksFloor { get; init; }

    /// <summary>Why libvirt cannot be asked; null when it answers.</summary>
    public string? LibvirtAway { get; init; }

    /// <summary>The host's facts; null when they have not changed since this process last sent them, or libvirt is away.</summary>
    public HostInventory? Inventory { get; init; }
}

/// <summary>A host and its guests.</summary>
public sealed record HostInventory
{
    /// <summary>Libvirt's UUID of the host.</summary>
    public required Guid HostUuid { get; init; }

    /// <summary>Version of Drover's agent.</summary>
    public required string AgentVersion { get; init; }

    /// <summary>Version of libvirt's daemon.</summary>
    public required string LibvirtVersion { get; init; }

    /// <summary>Version of QEMU.</summary>
    public required string QemuVersion { get; init; }

    /// <summary>Physical memory in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Memory that could be given to a guest when this was sent, in bytes; not by itself a reason to send again.</summary>
    public required long FreeMemoryBytes { get; init; }

    /// <summary>Logical processors.</summary>
    public required int Processors { get; init; }

    /// <summary>Network links.</summary>
    public required IReadOnlyList<HostLink> Links { get; init; }

    /// <summary>Every guest that libvirt knows.</summary>
    public required IReadOnlyList<HostGuest> Guests { get; init; }
}

/// <summary>A network link.</summary>
public sealed record HostLink
{
    /// <summary>The interface's name.</summary>
    public required string Name { get; init; }

    /// <summary>Speed in Mbit/s; null when the kernel gives none.</summary>
    public long? SpeedMbit { get; init; }

    /// <summary>Whether it is up.</summary>
    public required bool Up { get; init; }
}

/// <summary>A guest in a host's inventory.</summary>
public sealed record HostGuest
{
    /// <summary>Its UUID.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Memory in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Virtual CPUs.</summary>
    public required int Vcpus { get; init; }

    /// <summary>What libvirt says of it.</summary>
    public required GuestSighting Sighting { get; init; }

    /// <summary>Operators' own metadata (<c>urn:drover:guest:1</c>) as XML text; null when there is none.</summary>
    public string? Metadata { get; init; }
}

/// <summary>
/// The host's epoch floor: orders to begin that were given below it are refused. It rises when the host is confirmed down, so that an agent that comes back
/// carries out nothing that was decided before.
/// </summary>
public sealed record HostFloor
{
    /// <summary>The agent process that asked.</summary>
    public required Guid AgentId { get; init; }

    /// <summary>The floor.</summary>
    public required long Floor { get; init; }

    /// <summary>The report that asked; null from a coordinator that does not tell.</summary>
    public long? Report { get; init; }

    /// <summary>How long after a report the coordinator still takes the host to be there: no longer is what it told to be trusted without another one. Null from a coordinator that does not tell.</summary>
    public TimeSpan? GoodFor { get; init; }
}
