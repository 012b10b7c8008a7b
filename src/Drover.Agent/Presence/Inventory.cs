using System.Reflection;
using Drover.Agent.Reports;
using Drover.Contracts.Agents;
using Drover.Hypervisors;

namespace Drover.Agent.Presence;

/// <summary>Hypervisor's values → a host's inventory.</summary>
internal static class Inventory
{
    private static readonly string AgentVersion =
        typeof(Inventory).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>A host and its guests; guests by UUID, so that the same inventory is written the same.</summary>
    public static HostInventory Of(HostFacts host, IReadOnlyList<GuestFacts> guests) => new()
    {
        HostUuid = host.Uuid,
        AgentVersion = AgentVersion,
        LibvirtVersion = host.LibvirtVersion,
        QemuVersion = host.QemuVersion,
        MemoryBytes = host.MemoryBytes,
        FreeMemoryBytes = host.FreeMemoryBytes,
        Processors = host.Processors,
        Links = [.. host.Links.Select(link => new HostLink { Name = link.Name, SpeedMbit = link.SpeedMbit, Up = link.Up })],
        Guests =
        [
            .. guests.OrderBy(guest => guest.Uuid).Select(guest => new HostGuest
            {
                Uuid = guest.Uuid,
                Name = guest.Name,
                MemoryBytes = guest.MemoryBytes,
                Vcpus = guest.Vcpus,
                Sighting = Sighting.Of(guest),
                Metadata = guest.GuestMetadata,
            }),
        ],
    };
}
