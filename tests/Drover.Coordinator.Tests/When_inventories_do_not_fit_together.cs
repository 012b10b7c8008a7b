using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Tests;

public class When_inventories_do_not_fit_together
{
    private static readonly Guest Web = Guest.Named("web");

    private static async Task<Coordination> ThreeHosts(GuestSighting onA, GuestSighting onB)
    {
        var coordination = await Coordination.Start(["host-a", "host-b", "host-c"]);
        coordination.Agents["host-a"].OnReport = _ => onA;
        coordination.Agents["host-b"].OnReport = _ => onB;
        coordination.Agents["host-c"].OnReport = _ => AgentDouble.Absent;
        await coordination.Report("host-c");
        return coordination;
    }

    [Fact]
    public async Task Two_hosts_that_both_say_so_twice_raise_the_alarm_and_nothing_is_destroyed()
    {
        await using var coordination = await ThreeHosts(AgentDouble.Running(), AgentDouble.Running());
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b", Web);
        var alarm = await coordination.UntilAnnounced("guest.two-copies");
        Assert.Equal(["host-a", "host-b"], alarm.GetProperty("hosts").EnumerateArray().Select(host => host.GetString()));
        Assert.Equal(2, coordination.Agents["host-a"].Orders.OfType<ReportGuest>().Count());
        Assert.All(coordination.Agents["host-a"].Orders, order => Assert.IsType<ReportGuest>(order));
    }

    [Fact]
    public async Task The_alarm_is_withdrawn_when_it_is_over()
    {
        await using var coordination = await ThreeHosts(AgentDouble.Running(), AgentDouble.Running());
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b", Web);
        await coordination.UntilAnnounced("guest.two-copies");
        coordination.Agents["host-a"].OnReport = _ => AgentDouble.Absent;
        await coordination.Read(db => db.Copies.ExecuteUpdateAsync(set => set.SetProperty(copies => copies.CheckAt, DateTimeOffset.UnixEpoch)));
        var over = await coordination.UntilAnnounced("guest.two-copies-over");
        Assert.Equal("host-b", over.GetProperty("host").GetString());
        Assert.Equal(0, await coordination.Read(db => db.Copies.CountAsync()));
    }

    [Fact]
    public async Task An_old_inventory_is_a_suspicion_and_no_alarm()
    {
        await using var coordination = await ThreeHosts(AgentDouble.Absent, AgentDouble.Running());
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b", Web);
        await coordination.Until(async db => coordination.Agents["host-a"].Orders.OfType<ReportGuest>().Any() && !await db.Copies.AnyAsync());
        Assert.False(await coordination.Read(db => db.Events.AnyAsync(e => e.RoutingKey == "guest.two-copies")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_guest_moved_by_hand_is_recorded_in_whatever_order_the_inventories_come(bool oldHostFirst)
    {
        await using var coordination = await ThreeHosts(AgentDouble.Absent, AgentDouble.Running());
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b");
        if (oldHostFirst)
            await coordination.Report("host-a");
        await coordination.Report("host-b", Web);
        if (!oldHostFirst)
            await coordination.Report("host-a");
        var moved = await coordination.UntilAnnounced("guest.moved");
        Assert.Equal(("host-a", "host-b"), (moved.GetProperty("from").GetString(), moved.GetProperty("to").GetString()));
        var place = await coordination.Read(db => db.Places.AsNoTracking().SingleAsync());
        Assert.Equal(("host-b", "moved by other hands from host-a"), (place.Host, place.How));
    }

    [Fact]
    public async Task What_a_migration_moved_was_moved_by_no_other_hand()
    {
        var id = Guid.CreateVersion7();
        await using var coordination = await ThreeHosts(AgentDouble.Absent, AgentDouble.Running(id));
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b");
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "Completed");
        await coordination.Report("host-b", Web);
        await coordination.Report("host-a");
        Assert.Equal(("host-b", $"migration {id}"), await coordination.Read(async db => await db.Places.Select(place => new { place.Host, place.How }).SingleAsync()) is var place ? (place.Host, place.How) : default);
        Assert.False(await coordination.Read(db => db.Events.AnyAsync(e => e.RoutingKey.StartsWith("guest."))));
    }

    [Fact]
    public async Task A_guest_that_was_moved_to_a_third_host_ends_its_migration_with_where_it_is()
    {
        var id = Guid.CreateVersion7();
        await using var coordination = await ThreeHosts(AgentDouble.Absent, AgentDouble.Absent);
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b");
        coordination.Agents["host-a"].OnCheckSource = order => new SourceChecked
        {
            MigrationId = order.MigrationId, Attempt = order.Attempt, Epoch = order.Epoch, Refusal = "the guest is not on host-a", Sighting = AgentDouble.Absent,
        };
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "Unsure");
        await coordination.Report("host-c", Web);
        var saga = await coordination.UntilStateAsTimePasses(id, "Failed");
        Assert.Contains("host-c reports it", saga.StateReason, StringComparison.Ordinal);
        Assert.Equal("moved-by-others", (await coordination.UntilAnnounced("migration.failed")).GetProperty("code").GetString());
        Assert.Empty(coordination.Agents["host-a"].Orders.OfType<BeginTransfer>());
    }
}
