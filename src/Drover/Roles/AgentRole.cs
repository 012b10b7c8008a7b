using Drover.Agent;
using Drover.Bus;
using Drover.Hypervisors.Libvirt;
using Drover.Settings;
using Microsoft.Extensions.Hosting;

namespace Drover.Roles;

/// <summary><c>drover agent</c>.</summary>
internal static class AgentRole
{
    public static Task<int> Run(FileInfo? settings) => Role.Run("agent", settings, (configuration, prepare) =>
    {
        var agent = configuration.Section<AgentOptions>(AgentOptions.Section);
        var libvirt = configuration.Section<LibvirtOptions>("Libvirt");
        var bus = configuration.Section<BusOptions>("Bus");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        prepare(builder);
        builder.Services.AddDroverAgent(agent, bus, _ => new LibvirtHypervisor(libvirt));
        return builder.Build();
    }, needsSchema: false);
}
