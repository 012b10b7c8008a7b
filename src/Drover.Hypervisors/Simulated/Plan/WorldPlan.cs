namespace Drover.Hypervisors.Simulated;

/// <summary>What a simulated world consists of when it begins. Names are compared exactly, but for a host's in a peer's address, where case does not count.</summary>
public sealed record WorldPlan
{
    /// <summary>The hosts. At least one; names and UUIDs are unique.</summary>
    public required IReadOnlyList<HostPlan> Hosts { get; init; }

    /// <summary>The links that hosts name. Names are unique.</summary>
    public required IReadOnlyList<LinkPlan> Links { get; init; }

    /// <summary>The guests. UUIDs and names are unique in the world.</summary>
    public required IReadOnlyList<GuestPlan> Guests { get; init; }

    /// <summary>How QEMU and libvirt behave: times and constants. The defaults are a real site's.</summary>
    public MachineTraits Machine { get; init; } = new();
}
