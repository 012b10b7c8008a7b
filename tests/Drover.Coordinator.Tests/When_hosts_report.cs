using Drover.Bus;
using Drover.Coordinator.Hosts;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Tests;

public class When_hosts_report
{
    [Fact]
    public async Task An_inventory_that_a_later_report_overtook_is_not_lost()
    {
        await using var coordination = await Coordination.Start(["host-a"]);
        await coordination.Report("host-a");
        var agent = coordination.Agents["host-a"];
        agent.Guests = [Guest.Named("web")];
        var withInventory = agent.NextReport();
        var later = agent.NextReport() with { Inventory = null };
        await coordination.SendTo(Bus.Queues.HostReports, later);
        await coordination.Until(db => db.HostReports.AnyAsync(row => row.Report == later.Report));
        await coordination.SendTo(Bus.Queues.HostReports, withInventory);
        await coordination.Until(db => db.Guests.AnyAsync(guest => guest.Name == "web"));
        Assert.Equal(later.Report, await coordination.Read(db => db.HostReports.Select(row => row.Report).SingleAsync()));
    }

    [Fact]
    public async Task An_inventory_that_came_late_does_not_replace_a_newer_one()
    {
        await using var coordination = await Coordination.Start(["host-a"]);
        await coordination.Report("host-a");
        var agent = coordination.Agents["host-a"];
        agent.Guests = [Guest.Named("old")];
        var old = agent.NextReport();
        agent.Guests = [Guest.Named("new")];
        await coordination.SendTo(Bus.Queues.HostReports, agent.NextReport());
        await coordination.Until(db => db.Guests.AnyAsync(guest => guest.Name == "new"));
        await coordination.SendTo(Bus.Queues.HostReports, old);
        agent.Guests = [Guest.Named("new"), Guest.Named("newer")];
        await coordination.SendTo(Bus.Queues.HostReports, agent.NextReport());
        await coordination.Until(db => db.Guests.AnyAsync(guest => guest.Name == "newer"));
        Assert.False(await coordination.Read(db => db.Guests.AnyAsync(guest => guest.Name == "old")));
    }

    [Fact]
    public async Task A_word_of_silence_that_comes_after_the_host_is_back_closes_nothing()
    {
        await using var coordination = await Coordination.Start(["host-a"]);
        await coordination.Report("host-a");
        await coordination.Handled(Queues.Hosts, new NoticeSilence { Host = "host-a", LastReportAt = DateTimeOffset.UnixEpoch });
        Assert.Equal("Present", await coordination.Read(db => db.Hosts.Select(host => host.CurrentState).SingleAsync()));
        Assert.False(await coordination.Read(db => db.Lanes.AnyAsync(lane => lane.ClosedBecause != null)));
    }

    [Fact]
    public async Task A_word_of_return_that_comes_after_the_host_is_silent_again_opens_nothing()
    {
        await using var coordination = await Coordination.Start(["host-a"]);
        await coordination.Report("host-a");
        await coordination.Silence("host-a");
        await coordination.Handled(Queues.Hosts, new NoticeReturn { Host = "host-a" });
        Assert.Equal("Silent", await coordination.Read(db => db.Hosts.Select(host => host.CurrentState).SingleAsync()));
        Assert.True(await coordination.Read(db => db.Lanes.AllAsync(lane => lane.ClosedBecause != null)));
    }
}
