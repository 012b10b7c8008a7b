using MassTransit;

namespace Drover.Store.Outbox;

/// <summary>Settings of the inbox and outbox; the names are those of MassTransit.EntityFrameworkCore where it has the same setting.</summary>
public sealed class EntityFrameworkOutboxConfigurator
{
    /// <summary>How long a consumed message is remembered: at least as long as anyone may replay one. 7 days.</summary>
    public TimeSpan DuplicateDetectionWindow { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long the sweeper sleeps when nothing wakes it. 5 s.</summary>
    public TimeSpan QueryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most rows that one sweep takes. 500.</summary>
    public int QueryMessageLimit { get; set; } = 500;

    /// <summary>The age from which the sweeper takes over rows that their consumer should have delivered itself, but died before. 10 s.</summary>
    public TimeSpan DeliveryGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the transport may take to accept one message. 10 s.</summary>
    public TimeSpan MessageDeliveryTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether an exception of the transport says that nobody can receive the message, so that sending it again is in vain and its row is parked. The default
    /// knows RabbitMQ's returned messages by the exception's name: the store does not reference the broker's package.
    /// </summary>
    public Func<Exception, bool> IsUndeliverable { get; set; } = exception => exception.GetType().Name == "MessageReturnedException";

    /// <summary>
    /// The endpoint that a message reaches by its routing key, where its consumer takes it under another type; null where the types tell who receives. For the
    /// durable hop, which must know who will commit a message.
    /// </summary>
    public Func<SendContext, string?> ReceivingEndpoint { get; set; } = _ => null;

    internal bool BusOutbox { get; private set; }

    internal bool DurableHop { get; private set; }

    internal bool DeliveryService { get; private set; } = true;

    internal bool InboxCleanupService { get; private set; } = true;

    /// <summary>
    /// Sends what is sent outside of consumers (<c>IPublishEndpoint</c> and <c>ISendEndpointProvider</c> from the container) through the outbox: it leaves when
    /// the scope's DbContext has saved it.
    /// </summary>
    public void UseBusOutbox() => BusOutbox = true;

    /// <summary>
    /// For the in-memory transport, which loses its queues with the process: a row is deleted in the transaction of the message's consumer, not when the message
    /// was sent, and every row left by a former process is sent again at the start. One process only.
    /// </summary>
    public void UseDurableHop() => DurableHop = true;

    /// <summary>Leaves the sweeping of rows to other processes.</summary>
    public void DisableDeliveryService() => DeliveryService = false;

    /// <summary>Leaves the forgetting of old inbox rows to other processes.</summary>
    public void DisableInboxCleanupService() => InboxCleanupService = false;
}
