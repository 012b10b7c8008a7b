namespace Drover.Hypervisors.Simulated;

/// <summary>Refuses a plan that no world can have, with a sentence that names what is wrong.</summary>
internal static class PlanCheck
{
    internal static void Check(WorldPlan plan)
    {
        Require(plan.Hosts.Count > 0, "a world needs at least one host");
        Unique("host", plan.Hosts.Select(host => host.Name.ToUpperInvariant()));
        Unique("host UUID", plan.Hosts.Select(host => host.Uuid));
        Unique("link", plan.Links.Select(link => link.Name));
        Unique("guest", plan.Guests.Select(guest => guest.Name));
        Unique("guest UUID", plan.Guests.Select(guest => guest.Uuid));

        foreach (var link in plan.Links)
            Require(link.BytesPerSecond > 0, $"link \"{link.Name}\" needs a speed above 0 bytes per second");
        foreach (var host in plan.Hosts)
            Check(host, plan);
        foreach (var guest in plan.Guests)
            Check(guest, plan);
        foreach (var host in plan.Hosts)
        {
            var needed = plan.Guests.Where(guest => guest.Host == host.Name).Sum(guest => (decimal)guest.MemoryBytes);
            Require(needed <= host.MemoryBytes, $"host \"{host.Name}\" has {host.MemoryBytes} bytes of memory and its guests need {needed}");
        }
    }

    private static void Check(HostPlan host, WorldPlan plan)
    {
        Require(host.Name.Length > 0 && Uri.TryCreate(SimulatedWorld.PeerUri(host.Name), UriKind.Absolute, out var peer) && peer.Host.Length > 0,
            $"host name \"{host.Name}\" cannot stand in an address, {SimulatedWorld.PeerUri(host.Name)}");
        Require(plan.Links.Any(link => link.Name == host.Link), $"host \"{host.Name}\" is on the link \"{host.Link}\", and there is no such link");
        Require(host.MemoryBytes > 0, $"host \"{host.Name}\" needs memory above 0 bytes");
        Require(host.Processors > 0, $"host \"{host.Name}\" needs at least one processor");
        Require(host.BytesPerSecond is null or > 0, $"host \"{host.Name}\" needs a speed above 0 bytes per second, or none of its own");
    }

    private static void Check(GuestPlan guest, WorldPlan plan)
    {
        Require(guest.Name.Length > 0, $"guest {guest.Uuid} needs a name");
        Require(plan.Hosts.Any(host => host.Name == guest.Host), $"guest \"{guest.Name}\" is on the host \"{guest.Host}\", and there is no such host");
        Require(guest.MemoryBytes > 0, $"guest \"{guest.Name}\" needs memory above 0 bytes");
        Require(guest.NonZeroBytes >= 0 && guest.NonZeroBytes <= guest.MemoryBytes,
            $"guest \"{guest.Name}\": of {guest.MemoryBytes} bytes of memory, {guest.NonZeroBytes} cannot be non-zero");
        Require(guest.HotSetBytes >= 0 && guest.HotSetBytes <= guest.NonZeroBytes,
            $"guest \"{guest.Name}\": a hot set of {guest.HotSetBytes} bytes does not fit in {guest.NonZeroBytes} non-zero bytes");
        Require(guest.DirtyBytesPerSecond >= 0, $"guest \"{guest.Name}\" cannot dirty {guest.DirtyBytesPerSecond} bytes per second");
        Require(guest.MostDirtyBytesPerSecond is not { } most || most >= guest.DirtyBytesPerSecond,
            $"guest \"{guest.Name}\" dirties {guest.DirtyBytesPerSecond} bytes per second and cannot be said to dirty at most {guest.MostDirtyBytesPerSecond}");
        Require(guest.Vcpus > 0, $"guest \"{guest.Name}\" needs at least one virtual CPU");
    }

    private static void Unique<T>(string what, IEnumerable<T> values)
    {
        var twice = values.GroupBy(value => value).FirstOrDefault(group => group.Count() > 1);
        Require(twice is null, twice is null ? "" : $"{what} {twice.Key} is there twice");
    }

    private static void Require(bool holds, string sentence)
    {
        if (!holds)
            throw new WorldPlanException(sentence);
    }
}
