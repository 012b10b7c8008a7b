using Drover.Policy.Model;

namespace Drover.Hypervisors.Simulated;

/// <summary>A world at one instant, as nobody inside it can see it: the truth, whether daemons answer or not.</summary>
public sealed record WorldView
{
    /// <summary>The instant, in the world's own time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Hosts by name.</summary>
    public required IReadOnlyList<HostView> Hosts { get; init; }

    /// <summary>Transfers under way, in the order in which they began.</summary>
    public required IReadOnlyList<TransferView> Transfers { get; init; }
}

/// <summary>A host in a <see cref="WorldView"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="On">Whether the machine is on.</param>
/// <param name="DaemonRuns">Whether its libvirt daemon runs.</param>
/// <param name="Guests">Its guests, by UUID: running, paused, arriving, or only defined.</param>
public sealed record HostView(string Name, bool On, bool DaemonRuns, IReadOnlyList<GuestView> Guests);

/// <summary>A guest on one host in a <see cref="WorldView"/>.</summary>
public sealed record GuestView
{
    /// <summary>Its UUID.</summary>
    public required Guid Uuid { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Power, reason, job and mark, as the host's daemon would tell.</summary>
    public required GuestState State { get; init; }

    /// <summary>How many of its vCPUs run on this host: all or none. A guest whose vCPUs run on two hosts writes to its disks twice.</summary>
    public required int RunningVcpus { get; init; }

    /// <summary>Whether its definition stays when it is off.</summary>
    public required bool Persistent { get; init; }

    /// <summary>The downtime limit of its QEMU.</summary>
    public required TimeSpan DowntimeLimit { get; init; }
}

/// <summary>A transfer in a <see cref="WorldView"/>.</summary>
public sealed record TransferView
{
    /// <summary>The guest.</summary>
    public required Guid Guest { get; init; }

    /// <summary>Where it comes from.</summary>
    public required string Source { get; init; }

    /// <summary>Where it goes.</summary>
    public required string Destination { get; init; }

    /// <summary>Where the transfer is, in a word for people: "pre-copy".</summary>
    public required string Stage { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>The pass over memory, counted from 1; 0 before the first.</summary>
    public required long Pass { get; init; }

    /// <summary>Bytes of memory left in this pass.</summary>
    public required long RemainingBytes { get; init; }

    /// <summary>Bytes of memory sent so far.</summary>
    public required long SentBytes { get; init; }

    /// <summary>Bytes of memory that it may send per second now.</summary>
    public required long BytesPerSecond { get; init; }

    /// <summary>Percent by which the guest is slowed down.</summary>
    public required int ThrottlePercent { get; init; }
}
