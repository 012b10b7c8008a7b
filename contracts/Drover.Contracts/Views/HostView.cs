namespace Drover.Contracts.Views;

/// <summary>A host as the HTTP API shows it.</summary>
public sealed record HostView
{
    /// <summary>Its name.</summary>
    public required string Host { get; init; }

    /// <summary><c>present</c>, <c>silent</c>, <c>confirmed-down</c>, or <c>libvirt-away</c>.</summary>
    public required string Presence { get; init; }

    /// <summary>When its agent last reported.</summary>
    public required DateTimeOffset LastReportAt { get; init; }

    /// <summary>By whom and why it is confirmed down; null when it is not.</summary>
    public string? ConfirmedDown { get; init; }

    /// <summary>Since when orders to it come back; null when none has since its agent was last back.</summary>
    public DateTimeOffset? UnreachableSince { get; init; }

    /// <summary>Its lanes.</summary>
    public required IReadOnlyList<LaneView> Lanes { get; init; }

    /// <summary>Guests running on it.</summary>
    public required int Guests { get; init; }

    /// <summary>Version of libvirt's daemon.</summary>
    public string? LibvirtVersion { get; init; }

    /// <summary>Version of QEMU.</summary>
    public string? QemuVersion { get; init; }

    /// <summary>Physical memory in bytes.</summary>
    public long? MemoryBytes { get; init; }
}

/// <summary>The hosts.</summary>
public sealed record HostList
{
    /// <summary>The hosts, by name.</summary>
    public required IReadOnlyList<HostView> Hosts { get; init; }
}

/// <summary>A lane of a host.</summary>
public sealed record LaneView
{
    /// <summary>Its name ("out:host-a").</summary>
    public required string Lane { get; init; }

    /// <summary>Slots held.</summary>
    public required int Used { get; init; }

    /// <summary>Slots that may be held.</summary>
    public required int Limit { get; init; }

    /// <summary>Migrations that wait for a slot of it.</summary>
    public required int Waiting { get; init; }
}
