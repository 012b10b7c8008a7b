using Drover.Contracts.Agents;
using Drover.Hypervisors;

namespace Drover.Agent.Tests;

public class While_an_agent_is_there
{
    [Fact]
    public async Task The_first_report_has_the_inventory_and_the_next_has_not()
    {
        await using var world = await World.With();
        await world.Hears<HostReported>(2);
        var (first, second) = (world.Heard<HostReported>()[0], world.Heard<HostReported>()[1]);
        Assert.Equal((1L, 2L), (first.Report, second.Report));
        Assert.Equal(first.AgentId, second.AgentId);
        Assert.Equal("web-1", Assert.Single(first.Inventory!.Guests).Name);
        Assert.Null(second.Inventory);
        Assert.True(second.SentAt - first.SentAt >= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_change_is_reported_at_once()
    {
        await using var world = await World.With(null, ("Agent:ReportDelay", "00:00:00"));
        await world.Hears<HostReported>();
        world.Hypervisor.Add(Some.RunningGuest() with { Uuid = Guid.NewGuid(), Name = "web-2" });
        world.Hypervisor.Say(new HypervisorEvent.GuestChanged(Some.Guest, "started"));

        // Time stands still meanwhile: no report is due.
        await world.Until(() => world.Heard<HostReported>().Any(report => report.Inventory?.Guests.Count == 2), "the new guest", advance: false);
    }

    [Fact]
    public async Task Free_memory_alone_is_no_change()
    {
        await using var world = await World.With(null, ("Agent:InventoryEvery", "01:00:00"));
        await world.Hears<HostReported>();
        world.Hypervisor.Host = world.Hypervisor.Host with { FreeMemoryBytes = 1 };
        await world.Hears<HostReported>(3);
        Assert.All(world.Heard<HostReported>().Skip(1).Take(2), report => Assert.Null(report.Inventory));
    }

    [Fact]
    public async Task The_inventory_is_repeated_after_a_minute()
    {
        await using var world = await World.With();
        await world.Until(() => world.Heard<HostReported>().Count(report => report.Inventory is not null) == 2, "the second inventory");
        var numbers = world.Heard<HostReported>().Where(report => report.Inventory is not null).Select(report => report.Report).ToList();
        Assert.InRange(numbers[1] - numbers[0], 2, 60 / 5);
    }

    [Fact]
    public async Task Libvirt_away_is_said_and_its_return_too()
    {
        await using var world = await World.With();
        await world.Hears<HostReported>();
        world.Hypervisor.Away = "connection refused";
        world.Hypervisor.Say(new HypervisorEvent.ConnectionLost("end of file"));
        await world.Until(() => world.Heard<HostReported>().Any(report => report.LibvirtAway == "connection refused"), "libvirt away");
        world.Hypervisor.Away = null;
        world.Hypervisor.Say(new HypervisorEvent.Connected());
        await world.Until(() => world.Heard<HostReported>()[^1].LibvirtAway is null, "libvirt back");
    }
}
