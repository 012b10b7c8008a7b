using Drover.Bus.Serialization;
using MassTransit;
using MassTransit.Serialization;

namespace Drover.Bus;

/// <summary>The kinds of queues that Drover has. Each method makes one; its callback connects consumers and sagas.</summary>
public abstract class DroverEndpoints
{
    // Outside the outbox, so that each try is a transaction of its own: enough for a lost race or a database that fails over quickly; then the error queue.
    private static readonly TimeSpan[] _retries =
        [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)];

    private protected DroverEndpoints()
    {
    }

    /// <summary>What becomes of a message that no try could handle, where the transport's own error queue would be lost with the process: in memory. Set it first.</summary>
    public Func<ExceptionReceiveContext, Task>? KeepFailed { get; set; }

    /// <summary>Makes one queue on a bus that runs already; stop what it returns, and the queue is read no more.</summary>
    public static HostReceiveEndpointHandle Connect(IBus bus, BusOptions options, Action<DroverEndpoints> endpoint)
    {
        ArgumentNullException.ThrowIfNull(bus);
        ArgumentNullException.ThrowIfNull(endpoint);
        HostReceiveEndpointHandle? connected = null;
        endpoint(new RabbitMqEndpoints(
            (queue, configure) => connected = bus.ConnectReceiveEndpoint(queue, e => configure((IRabbitMqReceiveEndpointConfigurator)e)), options));
        return connected ?? throw new ArgumentException("It made no queue.", nameof(endpoint));
    }

    /// <summary>A queue of Drover's own messages, read by every coordinator.</summary>
    public void Core(string queue, Action<IReceiveEndpointConfigurator> configure) =>
        Declare(new Endpoint { Queue = queue, Prefetch = 32, Concurrency = 16 }, null, configure);

    /// <summary>
    /// The queue of one public command. Its consumer takes <see cref="CommandBytes"/>, whatever was sent, and must answer it; it never sees an exception of a deserializer.
    /// </summary>
    public void Commands(string routingKey, Action<IReceiveEndpointConfigurator> configure) =>
        Declare(new Endpoint { Queue = Queues.Command(routingKey), Prefetch = 8, Concurrency = 8, Exchange = Exchange.Commands, RoutingKey = routingKey }, Readers.Command, configure);

    /// <summary>
    /// The queue of commands whose routing key no queue takes; <see cref="CommandBytes"/> too. In memory nothing arrives here: there are no strangers in one process.
    /// </summary>
    public void UnknownCommands(Action<IReceiveEndpointConfigurator> configure) =>
        Declare(new Endpoint { Queue = Queues.UnknownCommand, Prefetch = 8, Concurrency = 8 }, Readers.Command, configure);

    /// <summary>A queue of public events, bound by a topic pattern ("migration.#"). Its consumer takes <see cref="EventBytes"/> or <c>Batch&lt;EventBytes&gt;</c>.</summary>
    public void Events(string queue, string pattern, Action<IReceiveEndpointConfigurator> configure) =>
        Declare(new Endpoint { Queue = queue, Prefetch = 256, Exchange = Exchange.Events, RoutingKey = pattern }, Readers.Event, configure);

    /// <summary>
    /// An agent's own queue: single active consumer, few at a time; what nobody takes in its time, and what fails for good, goes to <see cref="ReturnedOrders"/>
    /// or the error queue. A host's name consists of letters, digits, '.', '-' and '_'.
    /// </summary>
    public void Host(string host, Action<IReceiveEndpointConfigurator> configure) =>
        Declare(new Endpoint { Queue = Queues.Host(host), Prefetch = 4, Concurrency = 4, Exchange = Exchange.Agents, RoutingKey = host, OneHost = true }, null, configure);

    /// <summary>Where orders go that no agent took in time. Its consumer takes <see cref="Contracts.Agents.OrderReturned"/>. In memory nothing expires.</summary>
    public void ReturnedOrders(Action<IReceiveEndpointConfigurator> configure) =>
        Declare(new Endpoint { Queue = Queues.ReturnedOrders, Prefetch = 32, Concurrency = 16 }, Readers.ReturnedOrder, configure);

    /// <summary>
    /// A queue of this process's own, that nobody sends to and that goes with it: for a role that reads no other. MassTransit tells that a broker is away by the
    /// queues that cannot be read, and a bus without any always looks well.
    /// </summary>
    public void Watch() => Declare(new Endpoint { Queue = $"drover.watch.{Guid.CreateVersion7():N}", Prefetch = 1, Concurrency = 1, Fleeting = true }, null, _ => { });

    private protected abstract void Declare(Endpoint endpoint, Action<IReceiveEndpointConfigurator> configure);

    private void Declare(Endpoint endpoint, BytesReader? reader, Action<IReceiveEndpointConfigurator> configure) => Declare(endpoint, e =>
    {
        e.ConfigureConsumeTopology = false;
        e.PrefetchCount = endpoint.Prefetch;
        e.ConcurrentMessageLimit = endpoint.Concurrency;
        e.UseMessageRetry(retry => retry.Intervals(_retries));
        if (reader is not null)
            TakeBytes(e, reader);
        configure(e);
    });

    /// <summary>Every content type leads to the reader: what is not one of the two known ones falls to the default.</summary>
    private static void TakeBytes(IReceiveEndpointConfigurator e, BytesReader reader)
    {
        e.PublishFaults = false;
        e.AddDeserializer(new WireSerializerFactory(SystemTextJsonMessageSerializer.JsonContentType.MediaType, reader));
        e.AddDeserializer(new WireSerializerFactory(Wire.ContentType, reader), isDefault: true);
    }

    private protected enum Exchange
    {
        None = 0,
        Commands = 1,
        Events = 2,
        Agents = 3,
    }

    private protected sealed record Endpoint
    {
        public required string Queue { get; init; }
        public required int Prefetch { get; init; }
        public int? Concurrency { get; init; }
        public Exchange Exchange { get; init; }
        public string? RoutingKey { get; init; }
        public bool OneHost { get; init; }
        public bool Fleeting { get; init; }
    }
}
