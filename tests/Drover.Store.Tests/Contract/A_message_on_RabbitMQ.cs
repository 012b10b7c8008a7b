using System.Net.Mime;
using System.Text;
using Drover.Testing;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.EntityFrameworkCore;
using RabbitMQ.Client;

namespace Drover.Store.Tests.Contract;

/// <summary>What only a real broker can show of the outbox: returned messages, and the bytes on the wire.</summary>
public sealed class A_message_on_RabbitMQ(ClusteredFixture store) : IClassFixture<ClusteredFixture>
{
    [Fact]
    public async Task That_nobody_can_receive_is_parked_and_announced_and_poisons_nothing()
    {
        var about = Guid.NewGuid();
        await store.SendInScope(new Uri($"exchange:nobody-{about}"), new Count { TallyId = about }, context =>
        {
            context.CorrelationId = about;
            ((RabbitMqSendContext)context).Mandatory = true;
        });
        await Eventually.Is(1, () => store.Effects(about));

        var row = await store.Read(db => db.Outbox.AsNoTracking().SingleAsync(row => row.CorrelationId == about, TestContext.Current.CancellationToken));
        Assert.NotNull(row.UndeliverableAt);
        Assert.Contains("NO_ROUTE", row.UndeliverableReason, StringComparison.Ordinal);

        var next = Guid.NewGuid();
        await store.PublishInScope(new Count { TallyId = next }, save: () => Task.FromResult(true));
        await Eventually.Is(1, () => store.Effects(next));
    }

    [Fact]
    public async Task Leaves_with_the_bytes_and_the_routing_key_that_its_sender_gave_it()
    {
        var exchange = $"events-{Guid.NewGuid()}";
        var factory = new ConnectionFactory { Uri = store.Place.Broker! };
        await using var connection = await factory.CreateConnectionAsync(TestContext.Current.CancellationToken);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
        await channel.ExchangeDeclareAsync(exchange, "topic", durable: true, cancellationToken: TestContext.Current.CancellationToken);
        var queue = (await channel.QueueDeclareAsync(cancellationToken: TestContext.Current.CancellationToken)).QueueName;
        await channel.QueueBindAsync(queue, exchange, "tally.#", cancellationToken: TestContext.Current.CancellationToken);

        await store.SendInScope(new Uri($"exchange:{exchange}?type=topic"), new Count { TallyId = Guid.NewGuid() }, context =>
        {
            context.Serializer = new Plain();
            context.SetRoutingKey("tally.counted");
        });

        BasicGetResult? got = null;
        await Eventually.Is(true, async () => (got = await channel.BasicGetAsync(queue, autoAck: true, TestContext.Current.CancellationToken)) is not null);
        Assert.Equal(Plain.Body, got!.Body.ToArray());
        Assert.Equal("tally.counted", got.RoutingKey);
        Assert.Equal("application/json", got.BasicProperties.ContentType);
        await Eventually.Is(0, () => store.Read(db => db.Outbox.CountAsync(row => row.Destination.Contains(exchange), TestContext.Current.CancellationToken)));
    }

    /// <summary>A body that no JSON library would write so: a rewritten one would show.</summary>
    private sealed class Plain : IMessageSerializer
    {
        public static readonly byte[] Body = Encoding.UTF8.GetBytes("{ \"n\" : 1.50,\t\"s\":\"\\u00e9\" }");

        public ContentType ContentType => new("application/json");

        public MessageBody GetMessageBody<T>(SendContext<T> context)
            where T : class => new BytesMessageBody(Body);
    }
}
