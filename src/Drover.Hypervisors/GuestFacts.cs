using Drover.Policy.Model;

namespace Drover.Hypervisors;

/// <summary>A guest as its host's hypervisor describes it.</summary>
public sealed record GuestFacts
{
    /// <summary>The guest's UUID, the same wherever it runs.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>The guest's name on this host.</summary>
    public required string Name { get; init; }

    /// <summary>Memory in bytes that it has now.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Virtual CPUs.</summary>
    public required int Vcpus { get; init; }

    /// <summary>Whether the hypervisor keeps its definition when it is off.</summary>
    public required bool Persistent { get; init; }

    /// <summary>Power, reason, job and mark.</summary>
    public required GuestState State { get; init; }

    /// <summary>Operators' own metadata (<c>urn:drover:guest:1</c>) as XML text; null when there is none.</summary>
    public string? GuestMetadata { get; init; }
}
