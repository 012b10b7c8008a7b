using Drover.Hypervisors.Simulated.State;

namespace Drover.Hypervisors.Simulated.Persistence;

/// <summary>Whether a state that was read can be one of this plan's world.</summary>
internal static class StateCheck
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    internal static string? Fault(SiteState state, SiteMap map)
    {
        if (state.Hosts is null || state.Loads is null || state.Transfers is null || state.CutLinks is null)
            return "a part is missing";
        if (!state.Hosts.Keys.Order(StringComparer.Ordinal).SequenceEqual(map.Plan.Hosts.Select(host => host.Name).Order(StringComparer.Ordinal)))
            return "its hosts are not the plan's";
        if (!state.Loads.Keys.SequenceEqual(map.Plan.Guests.Select(guest => guest.Uuid).Order()))
            return "its guests are not the plan's";
        foreach (var (name, host) in state.Hosts)
        {
            if (host?.Copies is null || host.Copies.Any(copy => copy.Value is null || !map.Knows(copy.Key)))
                return $"host {name} holds a guest that is not in the plan";
        }
        foreach (var transfer in state.Transfers)
        {
            if (transfer?.Memory is null || !map.Knows(transfer.Guest) || transfer.At > state.At
                || !state.Hosts.ContainsKey(transfer.Source) || !state.Hosts.ContainsKey(transfer.Destination))
                return $"transfer {transfer?.Number} does not fit the plan";
        }
        return null;
    }
}
