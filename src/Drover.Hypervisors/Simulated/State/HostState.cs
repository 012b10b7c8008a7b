using System.Collections.Immutable;

namespace Drover.Hypervisors.Simulated.State;

/// <summary>One host now.</summary>
internal sealed record HostState
{
    /// <summary>Whether the machine is on.</summary>
    public bool On { get; init; } = true;

    /// <summary>Whether its libvirt daemon runs. It never does on a machine that is off.</summary>
    public bool DaemonRuns { get; init; } = true;

    /// <summary>The next guest that arrives here is resumed, and the daemon dies before it can say so.</summary>
    public bool DiesBeforeAnswering { get; init; }

    /// <summary>Its guests, by UUID.</summary>
    public required ImmutableSortedDictionary<Guid, CopyState> Copies { get; init; }
}
