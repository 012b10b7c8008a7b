using System.Security.Cryptography;
using System.Text;
using Drover.Agent;
using Drover.Hypervisors;
using Drover.Hypervisors.Libvirt;
using Drover.Hypervisors.Simulated;

namespace Drover.Sites;

/// <summary>From a site to what its agents and its simulated world are made of.</summary>
internal static class SiteHosts
{
    /// <summary>The settings of a host's agent.</summary>
    public static AgentOptions AgentOptions(SiteHost host) => host switch
    {
        SiteHost.Libvirt libvirt => new AgentOptions
        {
            Host = libvirt.Name,
            PeerUri = libvirt.Peer,
            MigrateUri = libvirt.Migrate,
            AllowOtherHostName = libvirt.AllowOtherHostName,
        },
        SiteHost.Simulated simulated => new AgentOptions { Host = simulated.Name, PeerUri = SimulatedWorld.PeerUri(simulated.Name) },
        _ => throw new NotSupportedException(host.GetType().Name),
    };

    /// <summary>A host's hypervisor.</summary>
    public static IHypervisor Hypervisor(SiteHost host, SimulatedWorld? world) => host switch
    {
        SiteHost.Libvirt libvirt => new LibvirtHypervisor(new LibvirtOptions { Uri = libvirt.Uri }),
        SiteHost.Simulated simulated => world!.Hypervisor(simulated.Name),
        _ => throw new NotSupportedException(host.GetType().Name),
    };

    /// <summary>What the site's simulated hosts begin as; null when it has none.</summary>
    public static WorldPlan? World(Site site)
    {
        var hosts = site.Hosts.OfType<SiteHost.Simulated>().ToList();
        return hosts.Count == 0 ? null : new WorldPlan
        {
            Hosts = [.. hosts.Select(host => new HostPlan
            {
                Name = host.Name,
                Uuid = UuidOf("host", host.Name),
                MemoryBytes = host.Memory,
                Processors = host.Processors,
                Link = host.Link,
            })],
            Links = [.. site.Links.Select(link => new LinkPlan(link.Key, link.Value))],
            Guests = [.. hosts.SelectMany(host => host.Guests.Select(guest => new GuestPlan
            {
                Name = guest.Name,
                Uuid = guest.Uuid,
                Host = host.Name,
                MemoryBytes = guest.Memory,
                NonZeroBytes = guest.Used,
                HotSetBytes = guest.Hot,
                DirtyBytesPerSecond = guest.Dirty,
                Vcpus = guest.Processors,
            }))],
        };
    }

    /// <summary>A UUID made of a name: the same in each reading of the file.</summary>
    public static Guid UuidOf(string kind, string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"drover simulated {kind} {name}")).AsSpan(0, 16));
}
