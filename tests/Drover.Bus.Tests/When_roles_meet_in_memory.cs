using System.Text.Json;
using Drover.Contracts;
using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using MassTransit;

namespace Drover.Bus.Tests;

public class When_roles_meet_in_memory
{
    private static readonly BusOptions _options = new() { Transport = BusTransport.InMemory };
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_reaches_its_own_queue_as_the_bytes_that_were_sent()
    {
        var commands = new Arrivals<CommandBytes>();
        await using var running = await RunningBus.Start(_options, e => e.Commands("migrate-guest", commands.On));
        var command = Wire.Command(Some.MigrateGuest());
        await running.Bus.Publish(command, Cancelled);
        var arrived = await commands.Next();
        Assert.Equal(command.Body, arrived.Message.Body);
        Assert.Equal("migrate-guest", arrived.Message.RoutingKey);
        Assert.NotNull(arrived.MessageId);
    }

    [Fact]
    public async Task Events_reach_whoever_bound_their_pattern_with_their_own_id()
    {
        var progress = new Arrivals<EventBytes>();
        var all = new Arrivals<EventBytes>();
        await using var running = await RunningBus.Start(_options, e =>
        {
            e.Events(Queues.Progress, "migration.progressed", progress.On);
            e.Events("all", "#", all.On);
        });
        var unsure = Wire.Event(Some.MigrationUnsure());
        await running.Bus.Publish(unsure, Cancelled);
        var arrived = await all.Next();
        Assert.Equal(unsure.Body, arrived.Message.Body);
        Assert.Equal("migration.unsure", arrived.Message.RoutingKey);
        Assert.True(progress.Empty);
    }

    [Fact]
    public async Task An_order_reaches_the_agent_of_its_host_only()
    {
        var a = new Arrivals<ReportGuest>();
        var b = new Arrivals<ReportGuest>();
        await using var running = await RunningBus.Start(_options, e =>
        {
            e.Host("host-a", a.On);
            e.Host("host-b", b.On);
        });
        var order = new ReportGuest { MigrationId = Guid.NewGuid(), GuestUuid = Guid.NewGuid(), Question = 3 };
        await running.Bus.Order("host-b", order, Cancelled);
        Assert.Equal(order, (await b.Next()).Message);
        Assert.True(a.Empty);
    }

    [Fact]
    public async Task A_message_reaches_its_core_queue()
    {
        var hosts = new Arrivals<GuestReported>();
        await using var running = await RunningBus.Start(_options, e => e.Core(Queues.Hosts, hosts.On));
        var message = new GuestReported { MigrationId = Guid.NewGuid(), Question = 1, Host = "host-a", Sighting = new GuestSighting { Present = true, Power = "running" } };
        await running.Bus.SendTo(Queues.Hosts, message, Cancelled);
        Assert.Equal(message, (await hosts.Next()).Message);
    }
}
