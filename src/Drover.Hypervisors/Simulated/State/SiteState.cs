using System.Collections.Immutable;

namespace Drover.Hypervisors.Simulated.State;

/// <summary>All that a world remembers. Together with its plan and the time it decides everything that follows.</summary>
internal sealed record SiteState
{
    /// <summary>When something last happened, in the world's own time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Time that the world left out: its own time is the clock's less this. A world that was shut for days sleeps through all but a day of them.</summary>
    public TimeSpan Slept { get; init; }

    /// <summary>The number of the transfer that began last.</summary>
    public long LastTransfer { get; init; }

    /// <summary>Hosts by name.</summary>
    public required ImmutableSortedDictionary<string, HostState> Hosts { get; init; }

    /// <summary>Links that are cut.</summary>
    public ImmutableSortedSet<string> CutLinks { get; init; } = [];

    /// <summary>Guests' work, by UUID.</summary>
    public required ImmutableSortedDictionary<Guid, GuestLoadState> Loads { get; init; }

    /// <summary>Transfers that are under way, in the order in which they began.</summary>
    public ImmutableList<TransferState> Transfers { get; init; } = [];

    /// <summary>The world as its plan says.</summary>
    internal static SiteState Of(WorldPlan plan, DateTimeOffset now) => new()
    {
        At = now,
        Hosts = plan.Hosts.ToImmutableSortedDictionary(host => host.Name, host => new HostState
        {
            Copies = plan.Guests.Where(guest => guest.Host == host.Name).ToImmutableSortedDictionary(guest => guest.Uuid, guest => new CopyState
            {
                Power = Policy.Model.GuestPower.Running,
                Reason = Policy.Model.PowerReason.Other,
                Persistent = guest.Persistent,
                DowntimeLimit = CopyState.DefaultDowntimeLimit,
            }),
        }, StringComparer.Ordinal),
        Loads = plan.Guests.ToImmutableSortedDictionary(guest => guest.Uuid, guest => new GuestLoadState
        {
            HotSetBytes = guest.HotSetBytes,
            DirtyBytesPerSecond = guest.DirtyBytesPerSecond,
        }),
    };
}
