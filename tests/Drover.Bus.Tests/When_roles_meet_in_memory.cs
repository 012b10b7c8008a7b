using System.Text;
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
        Assert.Equal(unsure.EventId.ToString(), arrived.ReceiveContext.TransportHeaders.Get<string>(MessageHeaders.MessageId));
        var progressed = unsure with { RoutingKey = "migration.progressed", EventId = Guid.NewGuid() };
        await running.Bus.Publish(progressed, Cancelled);
        Assert.Equal("migration.progressed", (await progress.Next()).Message.RoutingKey);
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
        await running.Bus.Order("host-a", order with { Question = 4 }, Cancelled);
        Assert.Equal(order, (await b.Next()).Message);
        Assert.Equal(4, (await a.Next()).Message.Question);
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

    [Fact]
    public async Task Private_messages_have_the_same_JSON_inside_their_envelope()
    {
        var orders = new Arrivals<Private>();
        await using var running = await RunningBus.Start(_options, e => e.Core(Queues.Migrations, orders.On));
        var ended = new Private { Downtime = TimeSpan.FromMilliseconds(50), Code = FailureCode.TransferFailed };
        await running.Bus.SendTo(Queues.Migrations, ended, Cancelled);
        var arrived = await orders.Next();
        Assert.Equal(ended, arrived.Message);
        Assert.Contains("\"PT0.05S\"", Encoding.UTF8.GetString(arrived.ReceiveContext.GetBody()), StringComparison.Ordinal);
        Assert.Contains("\"transfer-failed\"", Encoding.UTF8.GetString(arrived.ReceiveContext.GetBody()), StringComparison.Ordinal);
    }

    public sealed record Private
    {
        public required TimeSpan Downtime { get; init; }
        public required FailureCode Code { get; init; }
    }
}
