using Drover.Contracts.Agents;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Tests;

public class When_a_host_is_confirmed_down
{
    private static readonly Guest Web = Guest.Named("web");
    private readonly Guid id = Guid.CreateVersion7();

    /// <summary>A migration whose source fell silent while it moved.</summary>
    private async Task<Coordination> SourceFellSilent(GuestSighting atDestination)
    {
        var coordination = await Coordination.Start(["host-a", "host-b"]);
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b");
        coordination.Agents["host-a"].OnBegin = order => [AgentDouble.Began(order)];
        coordination.Agents["host-b"].OnReport = _ => atDestination;
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "PreCopying");
        await coordination.Silence("host-a");
        await coordination.UntilStateAsTimePasses(id, "Unsure");
        return coordination;
    }

    [Fact]
    public async Task The_destination_alone_may_testify_that_the_guest_arrived()
    {
        await using var coordination = await SourceFellSilent(AgentDouble.Running(id));
        Assert.Equal(2, await coordination.Read(db => db.Slots.CountAsync()));
        await coordination.ConfirmDown("host-a");
        var saga = await coordination.UntilStateAsTimePasses(id, "Completed");
        Assert.Contains("its source is down (confirmed by anna: power is off)", saga.StateReason, StringComparison.Ordinal);
        Assert.Equal("anna", (await coordination.UntilAnnounced("host.confirmed-down")).GetProperty("requestedBy").GetString());
        Assert.Contains(await coordination.Read(db => db.Journal.Where(entry => entry.MigrationId == id).ToListAsync()), entry => entry.Inputs.Contains("confirmed by anna", StringComparison.Ordinal));
        Assert.Equal(0, await coordination.Read(db => db.Slots.CountAsync()));
    }

    [Fact]
    public async Task A_guest_that_is_not_on_the_destination_is_lost_with_its_host()
    {
        await using var coordination = await SourceFellSilent(AgentDouble.Absent);
        await coordination.ConfirmDown("host-a");
        var saga = await coordination.UntilStateAsTimePasses(id, "Failed");
        Assert.Contains("its destination does not have it", saga.StateReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_epoch_floor_rises_and_an_agent_that_comes_back_is_told()
    {
        await using var coordination = await SourceFellSilent(AgentDouble.Running(id));
        Assert.Equal(0, coordination.Agents["host-a"].Orders.OfType<BeginTransfer>().Single().HostFloor);
        await coordination.ConfirmDown("host-a");
        await coordination.UntilStateAsTimePasses(id, "Completed");
        var report = coordination.Agents["host-a"].NextReport() with { AgentId = Guid.CreateVersion7(), Report = 1, AsksFloor = true };
        await coordination.SendTo(Bus.Queues.HostReports, report);
        await coordination.Until(_ => Task.FromResult(coordination.Agents["host-a"].Orders.OfType<HostFloor>().Any()));
        var told = coordination.Agents["host-a"].Orders.OfType<HostFloor>().First();
        Assert.Equal((report.AgentId, 1), (told.AgentId, told.Floor));
    }

    [Fact]
    public async Task Its_next_report_withdraws_it()
    {
        await using var coordination = await SourceFellSilent(AgentDouble.Running(id));
        await coordination.ConfirmDown("host-a");
        await coordination.UntilStateAsTimePasses(id, "Completed");
        Assert.Equal("ConfirmedDown", (await coordination.Read(db => db.Hosts.SingleAsync(host => host.Host == "host-a"))).CurrentState);
        await coordination.SendTo(Bus.Queues.HostReports, coordination.Agents["host-a"].NextReport());
        await coordination.UntilAnnounced("host.confirmation-withdrawn");
        await coordination.UntilAnnounced("host.back");
        var host = await coordination.Read(db => db.Hosts.AsNoTracking().SingleAsync(host => host.Host == "host-a"));
        Assert.Equal(("Present", null, 1L), (host.CurrentState, host.ConfirmedDownBy, host.EpochFloor));
        Assert.True(await coordination.Read(db => db.Lanes.AllAsync(lane => lane.ClosedBecause == null)));
    }

    [Fact]
    public async Task A_host_that_reports_is_not_down()
    {
        await using var coordination = await Coordination.Start(["host-a"]);
        await coordination.Report("host-a");
        await coordination.ConfirmDown("host-a");
        var rejected = await coordination.UntilAnnounced("command.rejected");
        Assert.Equal(("host-reports", "host-a"), (rejected.GetProperty("code").GetString(), rejected.GetProperty("host").GetString()));
    }

    [Fact]
    public async Task A_host_that_never_reported_is_unknown()
    {
        await using var coordination = await Coordination.Start(["host-a"]);
        await coordination.ConfirmDown("host-z");
        Assert.Equal("unknown-host", (await coordination.UntilAnnounced("command.rejected")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_had_not_been_ordered_yet_ends_at_once()
    {
        await using var coordination = await Coordination.Start(["host-a", "host-b"]);
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b");
        coordination.Agents["host-b"].OnCheckDestination = _ => null;
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "Preparing");
        await coordination.Silence("host-b");
        await coordination.ConfirmDown("host-b");
        var saga = await coordination.UntilState(id, "Failed");
        Assert.Contains("confirmed down", saga.StateReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_that_came_back_is_an_event_once()
    {
        await using var coordination = await SourceFellSilent(AgentDouble.Running(id));
        foreach (var _ in Enumerable.Range(0, 3))
            await coordination.SendTo(Bus.Queues.Migrations, new OrderReturned { MigrationId = id, Host = "host-a", Order = "ReportGuest", Epoch = 0, Reason = "no agent took it in its time" });
        var announced = await coordination.UntilAnnounced("host.unreachable");
        Assert.Equal(("host-a", "ReportGuest"), (announced.GetProperty("host").GetString(), announced.GetProperty("order").GetString()));
        await coordination.ConfirmDown("host-a");
        await coordination.UntilStateAsTimePasses(id, "Completed");
        Assert.Equal(1, await coordination.Read(db => db.Events.CountAsync(e => e.RoutingKey == "host.unreachable")));
    }

    [Fact]
    public async Task An_ordered_transfer_whose_order_came_back_becomes_unsure_and_not_a_silence()
    {
        await using var coordination = await Coordination.Start(["host-a", "host-b"]);
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b");
        coordination.Agents["host-a"].OnBegin = _ => [];
        await coordination.Migrate(id, Web, "host-b");
        await coordination.Until(_ => Task.FromResult(coordination.Agents["host-a"].Orders.OfType<BeginTransfer>().Any()));
        await coordination.SendTo(Bus.Queues.Migrations, new OrderReturned { MigrationId = id, Host = "host-a", Order = "BeginTransfer", Epoch = 2, Reason = "no agent took it in its time" });
        var saga = await coordination.UntilState(id, "Unsure");
        Assert.Contains("host-a did not take its order", saga.StateReason, StringComparison.Ordinal);
        coordination.Agents["host-a"].OnReport = order => AgentDouble.Running();
        coordination.Agents["host-b"].OnReport = _ => AgentDouble.Absent;
        await coordination.UntilStateAsTimePasses(id, "Failed");
    }
}
