namespace Drover.Hypervisors.Simulated.State;

/// <summary>The plan, arranged for looking things up: what never changes in a world.</summary>
internal sealed class SiteMap
{
    private readonly Dictionary<string, HostPlan> _hosts;
    private readonly Dictionary<string, string> _addresses;
    private readonly Dictionary<Guid, GuestPlan> _guests;
    private readonly Dictionary<(string Source, string Destination), int[]> _routes = [];
    private readonly Dictionary<string, int[]> _out;
    private readonly Dictionary<string, int[]> _in;
    private readonly List<double> _room = [];

    internal SiteMap(WorldPlan plan)
    {
        PlanCheck.Check(plan);
        Plan = plan;
        _hosts = plan.Hosts.ToDictionary(host => host.Name, StringComparer.Ordinal);
        _addresses = plan.Hosts.ToDictionary(host => host.Name, host => host.Name, StringComparer.OrdinalIgnoreCase);
        _guests = plan.Guests.ToDictionary(guest => guest.Uuid);

        var links = plan.Links.ToDictionary(link => link.Name, link => (Out: Way(link.BytesPerSecond), In: Way(link.BytesPerSecond)), StringComparer.Ordinal);
        _out = plan.Hosts.ToDictionary(host => host.Name, host => Ways(links[host.Link].Out, host), StringComparer.Ordinal);
        _in = plan.Hosts.ToDictionary(host => host.Name, host => Ways(links[host.Link].In, host), StringComparer.Ordinal);
    }

    internal WorldPlan Plan { get; }

    internal MachineTraits Traits => Plan.Machine;

    /// <summary>Room of each way in bytes of memory per second: what is left of the wire's speed.</summary>
    internal IReadOnlyList<double> Room => _room;

    internal HostPlan Host(string name)
        => _hosts.TryGetValue(name, out var host) ? host : throw new ArgumentException($"this world has no host \"{name}\"", nameof(name));

    internal GuestPlan Guest(Guid guest)
        => _guests.TryGetValue(guest, out var plan) ? plan : throw new ArgumentException($"this world has no guest {guest}", nameof(guest));

    internal bool Knows(Guid guest) => _guests.ContainsKey(guest);

    /// <summary>The host of an address, <c>sim://NAME</c>; null when there is none.</summary>
    internal string? HostAt(string peerUri)
        => Uri.TryCreate(peerUri, UriKind.Absolute, out var uri) && uri.Scheme == SimulatedWorld.PeerScheme && _addresses.TryGetValue(uri.Host, out var host)
            ? host : null;

    /// <summary>The ways that a stream between two hosts goes over.</summary>
    internal int[] Route(string source, string destination)
    {
        if (!_routes.TryGetValue((source, destination), out var route))
            _routes[(source, destination)] = route = [.. _out[source], .. _in[destination]];
        return route;
    }

    private int Way(long bytesPerSecond)
    {
        _room.Add(bytesPerSecond / Plan.Machine.WireOverhead);
        return _room.Count - 1;
    }

    private int[] Ways(int link, HostPlan host) => host.BytesPerSecond is { } own ? [Way(own), link] : [link];
}
