using Drover.Contracts;
using Drover.Contracts.Agents;
using MassTransit;
using MassTransit.Context;
using MassTransit.Metadata;
using MassTransit.Middleware;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace Drover.Bus.Tests;

/// <summary>A row keeps text, content type and properties; MassTransit's own pipe sends it again without knowing the message's type.</summary>
public class When_a_message_goes_through_an_outbox_row(Broker broker) : IClassFixture<Broker>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(BusTransport.InMemory)]
    [InlineData(BusTransport.RabbitMq)]
    public async Task An_event_leaves_as_the_same_bytes_with_its_key_and_its_id(BusTransport transport)
    {
        var events = new Arrivals<EventBytes>();
        await using var running = await RunningBus.Start(Options(transport), e => e.Events("row-events", "#", events.On));
        var wire = Wire.Event(Some.MigrationUnsure());
        await ThroughARow(running.Bus, $"exchange:{RoutingKeys.EventsExchange}?type=Topic&type=topic", wire, null);
        var arrived = await events.Next();
        Assert.Equal(wire.Body, arrived.Message.Body);
        Assert.Equal("migration.unsure", arrived.Message.RoutingKey);
        Assert.Equal(wire.EventId.ToString(), arrived.ReceiveContext.TransportHeaders.Get<string>(MessageHeaders.MessageId));
    }

    [Theory]
    [InlineData(BusTransport.InMemory)]
    [InlineData(BusTransport.RabbitMq)]
    public async Task From_an_intake_endpoint_too_both_a_public_and_a_private_message_leave_as_they_were(BusTransport transport)
    {
        var events = new Arrivals<EventBytes>();
        var orders = new Arrivals<ReportGuest>();
        var wire = Wire.Event(Some.MigrationUnsure());
        var order = new ReportGuest { MigrationId = Guid.NewGuid(), GuestUuid = Guid.NewGuid(), Question = 1 };
        await using var running = await RunningBus.Start(Options(transport), e =>
        {
            e.Events("row-events-2", "#", events.On);
            e.Host("host-row", orders.On);
            e.Commands("cancel-migration", queue => queue.Handler<CommandBytes>(async context =>
            {
                await ThroughARow(context, $"exchange:{RoutingKeys.EventsExchange}?type=Topic&type=topic", wire, null);
                await ThroughARow(context, "exchange:drover.agents?type=Direct&type=direct", order, "host-row");
            }));
        });
        await running.Bus.Publish(new WireCommand { RoutingKey = "cancel-migration", Body = [] }, Cancelled);
        Assert.Equal(wire.Body, (await events.Next()).Message.Body);
        Assert.Equal(order, (await orders.Next()).Message);
    }

    private BusOptions Options(BusTransport transport) => transport == BusTransport.InMemory ? new() { Transport = transport } : broker.Options;

    private static async Task ThroughARow<T>(ISendEndpointProvider provider, string address, T message, string? routingKey)
        where T : class
    {
        var endpoint = (ITransportSendEndpoint)await provider.GetSendEndpoint(new Uri(address));
        var context = await endpoint.CreateSendContext(message, Pipe.Execute<SendContext<T>>(c =>
        {
            if (routingKey is not null)
                c.SetRoutingKey(routingKey);
        }), Cancelled);
        var row = new Row(context);
        await endpoint.Send(new SerializedMessageBody(), new OutboxMessageSendPipe(row, row.DestinationAddress), Cancelled);
    }

    private sealed class Row : OutboxMessageContext
    {
        private readonly Dictionary<string, object> _properties = [];

        public Row(SendContext context)
        {
            ((TransportSendContext)context).WritePropertiesTo(_properties);
            MessageId = context.MessageId!.Value;
            DestinationAddress = context.DestinationAddress;
            ContentType = context.ContentType!.ToString();
            MessageType = string.Join(";", context.SupportedMessageTypes);
            Body = BodyOf((dynamic)context);
        }

        public long SequenceNumber => 1;
        public Guid MessageId { get; }
        Guid? MessageContext.MessageId => MessageId;
        public string ContentType { get; }
        public string MessageType { get; }
        public string Body { get; }
        public IReadOnlyDictionary<string, object> Properties => _properties;
        public Guid? RequestId => null;
        public Guid? CorrelationId => null;
        public Guid? ConversationId => null;
        public Guid? InitiatorId => null;
        public DateTime? ExpirationTime => null;
        public Uri? SourceAddress => null;
        public Uri? DestinationAddress { get; }
        public Uri? ResponseAddress => null;
        public Uri? FaultAddress => null;
        public DateTime? SentTime => null;
        public Headers Headers => EmptyHeaders.Instance;
        public HostInfo Host => HostMetadataCache.Empty;

        private static string BodyOf<T>(SendContext<T> context)
            where T : class => context.Serializer.GetMessageBody(context).GetString();
    }
}
