using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Drover.Contracts;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Drover.Benchmarks;

/// <summary>A client of Drover that knows nothing but AMQP and JSON: it publishes commands and notes when events reach it.</summary>
internal sealed class Client : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<(Guid Migration, string Event), TaskCompletionSource<Arrival>> _awaited = [];
    private readonly IConnection _connection;
    private readonly IChannel _publishing;

    private Client(IConnection connection, IChannel publishing) => (_connection, _publishing) = (connection, publishing);

    /// <summary>Connects, and listens to the events whose routing key matches a pattern.</summary>
    public static async Task<Client> Connect(Uri url, string pattern, CancellationToken cancellationToken)
    {
        var connection = await new ConnectionFactory { Uri = url }.CreateConnectionAsync(cancellationToken);
        var confirms = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        var client = new Client(connection, await connection.CreateChannelAsync(confirms, cancellationToken));
        var listening = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var queue = await listening.QueueDeclareAsync(cancellationToken: cancellationToken);
        await listening.QueueBindAsync(queue.QueueName, RoutingKeys.EventsExchange, pattern, cancellationToken: cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(listening);
        consumer.ReceivedAsync += (_, delivery) => client.Note(delivery);
        await listening.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer, cancellationToken);
        return client;
    }

    /// <summary>Publishes a command and waits for the broker's confirm. Returns when it was published (<see cref="Stopwatch.GetTimestamp"/>).</summary>
    public async Task<long> Command(string name, object body, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        var at = Stopwatch.GetTimestamp();
        await _publishing.BasicPublishAsync(
            RoutingKeys.CommandsExchange, name, mandatory: true, new BasicProperties { Persistent = true, ContentType = "application/json" }, bytes, cancellationToken);
        return at;
    }

    /// <summary>The first arrival of an event of this migration, whether it has come already or is still to come.</summary>
    public Task<Arrival> Event(Guid migration, string name, CancellationToken cancellationToken) => Slot(migration, name).Task.WaitAsync(Patience, cancellationToken);

    public void Forget(Guid migration, string name) => _awaited.TryRemove((migration, name), out _);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private TaskCompletionSource<Arrival> Slot(Guid migration, string name) =>
        _awaited.GetOrAdd((migration, name), _ => new TaskCompletionSource<Arrival>(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>No benchmark expects a failure: whoever waits for anything is told at once.</summary>
    private void GiveUp(InvalidOperationException failure)
    {
        foreach (var slot in _awaited.Values)
            slot.TrySetException(failure);
    }

    private Task Note(BasicDeliverEventArgs delivery)
    {
        var at = Stopwatch.GetTimestamp();
        var body = JsonDocument.Parse(delivery.Body.ToArray()).RootElement;
        if (body.TryGetProperty("migrationId", out var id) && id.TryGetGuid(out var migration))
            Slot(migration, delivery.RoutingKey).TrySetResult(new Arrival(at, body));
        if (delivery.RoutingKey is "migration.failed" or "command.rejected")
            GiveUp(new InvalidOperationException(body.ToString()));
        return Task.CompletedTask;
    }
}

/// <summary>An event that came.</summary>
internal sealed record Arrival(long At, JsonElement Body)
{
    public double MillisecondsSince(long start) => Stopwatch.GetElapsedTime(start, At).TotalMilliseconds;
}
