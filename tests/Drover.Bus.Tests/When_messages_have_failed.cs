using System.Text;
using Drover.Contracts.Agents;
using Drover.Contracts.Views;
using Drover.Testing;
using MassTransit;
using RabbitMQ.Client;

namespace Drover.Bus.Tests;

public sealed class When_messages_have_failed(When_messages_have_failed.Prepared prepared) : IClassFixture<When_messages_have_failed.Prepared>
{
    private readonly BrokerQueues _queues = prepared.Queues;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_are_listed_and_shown_with_their_reason_and_looking_takes_nothing_away()
    {
        var queue = Prepared.Queue("cancel-migration");
        foreach (var _ in (int[])[1, 2])
        {
            var view = (await _queues.List(["host-a", "host-without-queue"], Cancelled)).ToDictionary(one => one.Queue);
            Assert.Equal([queue, "drover.v1.host.host-a"], view.Keys);
            Assert.Equal((0, 1, 3), (view[queue].Messages, view[queue].Consumers, view[queue].Failed));
            Assert.InRange(view[queue].OldestFailureAt!.Value, DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow);

            var failed = (await _queues.Show(queue, 10, Cancelled))!.Failed;
            Assert.Equal(["one", "three", "two"], failed.Select(message => message.Body).Order());
            Assert.All(failed, message =>
            {
                Assert.Equal("the coffee is cold", message.Reason);
                Assert.Equal("System.FormatException", message.Exception);
                Assert.Equal("cancel-migration", message.Type);
                Assert.Contains(nameof(When_messages_have_failed), message.Trace, StringComparison.Ordinal);
            });
        }
        Assert.Single((await _queues.Show(queue, 1, Cancelled))!.Failed);
        Assert.Equal(3, (await _queues.Show(queue, 0, Cancelled))!.Queue.Failed);
    }

    [Fact]
    public async Task One_that_is_retried_arrives_as_it_was_and_a_second_retry_finds_nothing()
    {
        var queue = Prepared.Queue("retried");
        var two = (await _queues.Show(queue, 10, Cancelled))!.Failed.Single(message => message.Body == "two");
        prepared.Mend("retried");
        Assert.Equal(new FailedMessagesActed { Queue = queue, Messages = 1, Left = 2 }, await _queues.Retry(queue, [two.Id], Cancelled));
        var arrived = await prepared.Arrived.Next();
        Assert.Equal("two", Encoding.UTF8.GetString(arrived.Message.Body));
        Assert.Equal("retried", arrived.Message.RoutingKey);
        Assert.Equal("id of two", arrived.Message.MessageId);
        Assert.DoesNotContain(arrived.ReceiveContext.TransportHeaders.GetAll(), header => header.Key.StartsWith("MT-Fault-", StringComparison.Ordinal));

        Assert.Equal(new FailedMessagesActed { Queue = queue, Messages = 0, Left = 2 }, await _queues.Retry(queue, [two.Id], Cancelled));
        Assert.Equal(new FailedMessagesActed { Queue = queue, Messages = 2, Left = 0 }, await _queues.Retry(queue, null, Cancelled));
        Assert.Equal(["one", "three"], new[] { await prepared.Arrived.Next(), await prepared.Arrived.Next() }.Select(message => Encoding.UTF8.GetString(message.Message.Body)).Order());
        Assert.True(prepared.Arrived.Empty);
    }

    [Fact]
    public async Task One_that_fails_again_is_back_with_the_same_id()
    {
        var queue = Prepared.Queue("failed-again");
        var before = (await _queues.Show(queue, 10, Cancelled))!.Failed.Select(message => message.Id).Order().ToList();
        Assert.Equal(3, (await _queues.Retry(queue, null, Cancelled))!.Messages);
        await Eventually.Is(3L, () => prepared.Failed(queue));
        Assert.Equal(before, (await _queues.Show(queue, 10, Cancelled))!.Failed.Select(message => message.Id).Order());
    }

    [Fact]
    public async Task One_that_is_dropped_is_gone_and_the_others_stay()
    {
        var queue = Prepared.Queue("dropped");
        var one = (await _queues.Show(queue, 10, Cancelled))!.Failed.Single(message => message.Body == "one");
        Assert.Equal(new FailedMessagesActed { Queue = queue, Messages = 1, Left = 2 }, await _queues.Drop(queue, [one.Id], Cancelled));
        Assert.Equal(new FailedMessagesActed { Queue = queue, Messages = 0, Left = 2 }, await _queues.Drop(queue, [one.Id], Cancelled));
        Assert.Equal(["three", "two"], (await _queues.Show(queue, 10, Cancelled))!.Failed.Select(message => message.Body).Order());
    }

    [Fact]
    public async Task A_message_that_no_consumer_takes_is_shown_too_in_a_hosts_queue_with_its_single_consumer()
    {
        await prepared.Bus.Order("host-a", new ReportGuest { MigrationId = Guid.NewGuid(), GuestUuid = Guid.NewGuid(), Question = 1 }, Cancelled);
        await Eventually.Is(1L, () => prepared.Failed("drover.v1.host.host-a"));
        var skipped = Assert.Single((await _queues.Show("drover.v1.host.host-a", 1, Cancelled))!.Failed);
        Assert.Equal(("ReportGuest", "no consumer takes this type"), (skipped.Type, skipped.Reason));
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_null_and_a_broker_that_is_not_there_is_said()
    {
        Assert.Null(await _queues.Show("drover.nothing", 1, Cancelled));
        Assert.Null(await _queues.Retry("drover.nothing", null, Cancelled));
        using var nowhere = new BrokerQueues(new BusOptions { Url = new Uri("amqp://guest:guest@127.0.0.1:1/") });
        var away = await Assert.ThrowsAsync<BrokerAwayException>(() => nowhere.List([], Cancelled));
        Assert.Equal("The broker could not be asked: Connection refused", away.Message);
    }

    /// <summary>Queues of one test each, with three messages that failed all tries: once for all tests, for the tries take five seconds.</summary>
    public sealed class Prepared(PrivateRabbitMq server) : IAsyncLifetime
    {
        private static readonly string[] _keys = ["cancel-migration", "retried", "failed-again", "dropped"];
        private volatile string _mended = "";
        private RunningBus _running = null!;

        public Arrivals<CommandBytes> Arrived { get; } = new();

        public BrokerQueues Queues { get; private set; } = null!;

        public IBus Bus => _running.Bus;

        public static string Queue(string key) => $"drover.{key}";

        public void Mend(string key) => _mended = key;

        public async Task<long> Failed(string queue) => (await Queues.Show(queue, 0, Cancelled))!.Queue.Failed;

        public async ValueTask InitializeAsync()
        {
            var options = new BusOptions { Url = await server.CreateVirtualHost() };
            Queues = new BrokerQueues(options);
            _running = await RunningBus.Start(options, endpoints =>
            {
                foreach (var key in _keys)
                {
                    endpoints.Commands(key, queue => queue.Handler<CommandBytes>(context =>
                        context.Message.RoutingKey == _mended ? Arrived.Take(context) : throw new FormatException("the coffee is cold")));
                }
                endpoints.Host("host-a", _ => { });
            });
            await using var stranger = await Stranger.Connect(options.Url);
            foreach (var (key, body) in _keys.SelectMany(key => new[] { "one", "two", "three" }.Select(body => (key, body))))
                await stranger.Send("drover.commands", key, Encoding.UTF8.GetBytes(body), new BasicProperties { MessageId = $"id of {body}", Expiration = "600000" });
            foreach (var key in _keys)
                await Eventually.Is(3L, () => Failed(Queue(key)));
        }

        public async ValueTask DisposeAsync()
        {
            await _running.DisposeAsync();
            Queues.Dispose();
        }
    }
}
