using System.Diagnostics;
using System.Text;
using Drover.Contracts;
using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using MassTransit;
using RabbitMQ.Client;

namespace Drover.Bus.Tests;

public class When_roles_meet_on_RabbitMQ(Broker broker) : IClassFixture<Broker>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static ReportGuest Order(int question = 1) => new() { MigrationId = Guid.NewGuid(), GuestUuid = Guid.NewGuid(), Question = question };

    [Fact]
    public async Task A_command_by_amqp_publish_arrives_as_it_was_written()
    {
        var commands = new Arrivals<CommandBytes>();
        await using var running = await RunningBus.Start(broker.Options, e => e.Commands("migrate-guest", commands.On));
        var body = """{"migrationId":"7d0a8a1e-3c5f-4f0e-9a53-2f1f6f0c9b11","guest":"web-1","destination":"host-b"}""";
        using var publish = Process.Start("amqp-publish", ["--url", broker.Url.AbsoluteUri, "-e", "drover.commands", "-r", "migrate-guest", "-b", body]);
        await publish.WaitForExitAsync(Cancelled);
        Assert.Equal(0, publish.ExitCode);
        var arrived = await commands.Next();
        Assert.Equal(body, Encoding.UTF8.GetString(arrived.Message.Body));
        Assert.Equal("migrate-guest", arrived.Message.RoutingKey);
        Assert.NotNull(arrived.MessageId);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("application/vnd.masstransit+json")]
    [InlineData("application/octet-stream")]
    [InlineData("not a content type")]
    public async Task Any_bytes_with_any_content_type_and_any_headers_reach_the_consumer(string? contentType)
    {
        var commands = new Arrivals<CommandBytes>();
        await using var running = await RunningBus.Start(broker.Options, e => e.Commands("migrate-guest", commands.On));
        await using var stranger = await Stranger.Connect(broker.Url);
        var properties = new BasicProperties
        {
            MessageId = "no-uuid",
            CorrelationId = "neither",
            Headers = new Dictionary<string, object?> { ["MT-Host-Info"] = "{", ["MT-Fault-Address"] = "x", ["MT-Response-Address"] = "rabbitmq://elsewhere/", ["n"] = 1 },
        };
        if (contentType is not null)
            properties.ContentType = contentType;
        byte[] body = [0xFF, 0x00, (byte)'{', 0xC3];
        await stranger.Send(RoutingKeys.CommandsExchange, "migrate-guest", body, properties);
        var arrived = await commands.Next();
        Assert.Equal(body, arrived.Message.Body);
        Assert.Equal("no-uuid", arrived.Message.MessageId);
        Assert.NotNull(arrived.MessageId);
        Assert.Null(arrived.ResponseAddress);
        Assert.Null(arrived.FaultAddress);
    }

    [Fact]
    public async Task Two_commands_with_one_message_id_are_two_and_one_sent_twice_is_one()
    {
        var commands = new Arrivals<CommandBytes>();
        await using var running = await RunningBus.Start(broker.Options, e => e.Commands("migrate-guest", commands.On));
        await using var stranger = await Stranger.Connect(broker.Url);
        foreach (var body in new[] { "a"u8.ToArray(), "a"u8.ToArray(), "b"u8.ToArray() })
            await stranger.Send(RoutingKeys.CommandsExchange, "migrate-guest", body, new BasicProperties { MessageId = "1" });
        var ids = new[] { await commands.Next(), await commands.Next(), await commands.Next() }.ToLookup(c => c.Message.Body[0], c => c.MessageId);
        Assert.Single(ids[(byte)'a'].Distinct());
        Assert.NotEqual(ids[(byte)'a'].First(), ids[(byte)'b'].Single());
    }

    [Fact]
    public async Task Ten_megabytes_arrive()
    {
        var commands = new Arrivals<CommandBytes>();
        await using var running = await RunningBus.Start(broker.Options, e => e.Commands("migrate-guest", commands.On));
        await using var stranger = await Stranger.Connect(broker.Url);
        await stranger.Send(RoutingKeys.CommandsExchange, "migrate-guest", new byte[10_000_000]);
        Assert.Equal(10_000_000, (await commands.Next()).Message.Body.Length);
    }

    [Fact]
    public async Task A_command_that_no_queue_takes_reaches_the_queue_of_unknown_commands()
    {
        var unknown = new Arrivals<CommandBytes>();
        await using var running = await RunningBus.Start(broker.Options, e =>
        {
            e.Commands("migrate-guest", new Arrivals<CommandBytes>().On);
            e.UnknownCommands(unknown.On);
        });
        await using var stranger = await Stranger.Connect(broker.Url);
        await stranger.Send(RoutingKeys.CommandsExchange, "migrate-gest", "{}"u8.ToArray());
        Assert.Equal("migrate-gest", (await unknown.Next()).Message.RoutingKey);
    }

    [Fact]
    public async Task An_event_reaches_a_stranger_as_plain_JSON_with_its_key_and_its_id()
    {
        await using var running = await RunningBus.Start(broker.Options, e => e.Events(Queues.Progress, "migration.progressed", new Arrivals<EventBytes>().On));
        await using var stranger = await Stranger.Connect(broker.Url);
        var arrived = await stranger.Listen(RoutingKeys.EventsExchange, "migration.*");
        var wire = Wire.Event(Some.MigrationUnsure());
        await running.Bus.Publish(wire, Cancelled);
        var delivery = await arrived.Next();
        Assert.Equal(wire.Body, delivery.Body.ToArray());
        Assert.Equal("migration.unsure", delivery.RoutingKey);
        Assert.Equal(wire.EventId.ToString(), delivery.BasicProperties.MessageId);
        Assert.Equal("application/json", delivery.BasicProperties.ContentType);
    }

    [Fact]
    public async Task An_order_to_a_host_without_a_queue_is_returned_to_its_sender()
    {
        await using var running = await RunningBus.Start(broker.Options, e => e.Host("host-a", new Arrivals<ReportGuest>().On));
        await Assert.ThrowsAsync<MessageReturnedException>(() => running.Bus.Order("no-such-host", Order(), Cancelled));
        await Assert.ThrowsAsync<MessageReturnedException>(() => running.Bus.SendTo("drover.no-such-queue", Order(), Cancelled));
    }

    [Fact]
    public async Task An_order_reaches_the_agent_of_its_host()
    {
        var orders = new Arrivals<ReportGuest>();
        await using var running = await RunningBus.Start(broker.Options, e => e.Host("host-a", orders.On));
        var order = Order();
        await running.Bus.Order("host-a", order, Cancelled);
        Assert.Equal(order, (await orders.Next()).Message);
    }

    [Fact]
    public async Task An_order_that_no_agent_takes_in_its_time_is_returned()
    {
        // The agent was there once, so its queue exists.
        await using (await RunningBus.Start(broker.Options, e => e.Host("host-gone", new Arrivals<ReportGuest>().On)))
        {
        }
        var returned = new Arrivals<OrderReturned>();
        var options = broker.Options;
        options.OrderTimeToLive = TimeSpan.FromSeconds(1);
        await using var running = await RunningBus.Start(options, e => e.ReturnedOrders(returned.On));
        var order = new AbortTransfer { MigrationId = Guid.NewGuid(), Attempt = 2, Epoch = 17, GuestUuid = Guid.NewGuid() };
        await running.Bus.Order("host-gone", order, Cancelled);
        Assert.Equal(
            new OrderReturned { MigrationId = order.MigrationId, Host = "host-gone", Order = nameof(AbortTransfer), Epoch = 17, Reason = "no agent took it in its time" },
            (await returned.Next()).Message);
    }

    [Fact]
    public async Task An_order_whose_time_is_over_before_it_leaves_is_returned_too()
    {
        await using (await RunningBus.Start(broker.Options, e => e.Host("host-late", new Arrivals<ReportGuest>().On)))
        {
        }
        var returned = new Arrivals<OrderReturned>();
        await using var running = await RunningBus.Start(broker.Options, e => e.ReturnedOrders(returned.On));
        var orders = await running.Bus.GetSendEndpoint(new Uri("exchange:drover.agents?type=direct"));
        // As a row of the outbox does that has waited for a broker longer than an order lives.
        await orders.Send(Order(), Pipe.Execute<SendContext<ReportGuest>>(context =>
        {
            context.SetRoutingKey("host-late");
            context.TimeToLive = TimeSpan.FromSeconds(-5);
        }), Cancelled);
        var order = (await returned.Next()).Message;
        Assert.Equal(("host-late", "no agent took it in its time"), (order.Host, order.Reason));
    }

    [Fact]
    public async Task Of_two_agents_on_one_host_one_works_until_it_is_gone()
    {
        var (first, second) = (new Arrivals<ReportGuest>(), new Arrivals<ReportGuest>());
        await using var coordinator = await RunningBus.Start(broker.Options, _ => { });
        var one = await RunningBus.Start(broker.Options, e => e.Host("host-two", first.On));
        await using var other = await RunningBus.Start(broker.Options, e => e.Host("host-two", second.On));
        for (var i = 0; i < 10; i++)
            await coordinator.Bus.Order("host-two", Order(i), Cancelled);
        for (var i = 0; i < 10; i++)
            await first.Next();
        Assert.True(second.Empty);
        await one.DisposeAsync();
        await coordinator.Bus.Order("host-two", Order(11), Cancelled);
        Assert.Equal(11, (await second.Next()).Message.Question);
    }

    [Fact]
    public async Task A_poisonous_message_ends_in_the_error_queue_with_its_reason_and_the_next_is_read()
    {
        var hosts = new Arrivals<GuestReported>();
        await using var running = await RunningBus.Start(broker.Options, e => e.Core("drover.poison", hosts.On));
        await using var stranger = await Stranger.Connect(broker.Url);
        await stranger.Send("drover.poison", "", "{\"plain\":true}"u8.ToArray(), new BasicProperties { ContentType = "application/json" });
        await stranger.Send("drover.poison", "", "nonsense"u8.ToArray());
        var good = new GuestReported { MigrationId = Guid.NewGuid(), Question = 1, Host = "host-a", Sighting = new GuestSighting() };
        await running.Bus.SendTo("drover.poison", good, Cancelled);
        Assert.Equal(good, (await hosts.Next()).Message);
        var errors = await stranger.ConsumeOnceItHolds(2, "drover.poison_error");
        var reasons = new[] { await errors.Next(), await errors.Next() }.Select(e => Encoding.UTF8.GetString((byte[])e.BasicProperties.Headers!["MT-Fault-Message"]!)).ToArray();
        Assert.Contains(reasons, r => r.Contains("Drover's own messages only", StringComparison.Ordinal));
    }
}
