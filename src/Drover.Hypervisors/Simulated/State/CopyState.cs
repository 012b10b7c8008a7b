using Drover.Policy.Model;

namespace Drover.Hypervisors.Simulated.State;

/// <summary>A guest on one host: a running copy, one that arrives, or only a definition. A guest that moves has two.</summary>
internal sealed record CopyState
{
    /// <summary>QEMU's own limit, in each new QEMU.</summary>
    internal static readonly TimeSpan DefaultDowntimeLimit = TimeSpan.FromMilliseconds(300);

    public required GuestPower Power { get; init; }
    public required PowerReason Reason { get; init; }

    /// <summary>Whether its definition stays when it is off.</summary>
    public required bool Persistent { get; init; }

    public Mark? Mark { get; init; }

    /// <summary>The downtime limit of this copy's QEMU.</summary>
    public required TimeSpan DowntimeLimit { get; init; }

    /// <summary>Whether it has a QEMU, and so its memory.</summary>
    internal bool IsActive() => Power is GuestPower.Running or GuestPower.Paused;
}
