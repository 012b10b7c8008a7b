namespace Drover.Store.Outbox;

/// <summary>
/// That one consumer has consumed one message. The row is written in the transaction that holds the message's effects, so its existence <em>is</em>
/// "consumed": a second delivery finds it and does nothing.
/// </summary>
public sealed class InboxState
{
    /// <summary>The incoming message; the original id when the message was redelivered.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>The consumer, as MassTransit numbers it: from the endpoint's name, the consumer's type and the message's type.</summary>
    public required Guid ConsumerId { get; init; }

    /// <summary>When it was consumed (UTC). Rows older than the duplicate detection window are deleted.</summary>
    public required DateTime ReceivedAt { get; init; }
}
