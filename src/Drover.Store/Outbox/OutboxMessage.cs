namespace Drover.Store.Outbox;

/// <summary>A message that leaves once the transaction that wrote this row has been committed, and not before.</summary>
public sealed class OutboxMessage
{
    /// <summary>The order of writing, given by the database.</summary>
    public long SequenceNumber { get; set; }

    /// <summary>The id under which the receiver's inbox knows the message.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>The message whose consumer wrote this row; null for rows written outside of consumers (the bus outbox).</summary>
    public Guid? InboxMessageId { get; init; }

    /// <summary>The consumer that wrote this row; null for rows written outside of consumers.</summary>
    public Guid? InboxConsumerId { get; init; }

    /// <summary>Where to, in the short form (<c>exchange:NAME?type=topic</c>): a broker that moves to another address strands no row.</summary>
    public required string Destination { get; init; }

    /// <summary>The body as the message's own serializer made it; these very bytes are delivered.</summary>
    public required byte[] Body { get; init; }

    /// <summary>The content type that goes with <see cref="Body"/>.</summary>
    public required string ContentType { get; init; }

    /// <summary>The message's type and the types it also is, as URNs joined by ';'.</summary>
    public required string MessageTypes { get; init; }

    /// <summary>The transport headers as a JSON object; null for none.</summary>
    public string? Headers { get; init; }

    /// <summary>What only the transport understands (routing key, mandatory, delay) as a JSON object; null for none.</summary>
    public string? Properties { get; init; }

    /// <summary>The conversation that the message belongs to.</summary>
    public Guid? ConversationId { get; init; }

    /// <summary>The thing that the message is about.</summary>
    public Guid? CorrelationId { get; init; }

    /// <summary>The correlation id of the message that caused this one.</summary>
    public Guid? InitiatorId { get; init; }

    /// <summary>The request that this message asks or answers.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>When the row was written (UTC).</summary>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the message loses its meaning (UTC); null for never.</summary>
    public DateTime? ExpiresAt { get; init; }

    /// <summary>
    /// How many consumers of this process must still commit the message before the row may go. Only counted with the durable hop; zero means that the row goes
    /// as soon as the message is sent.
    /// </summary>
    public int Remaining { get; init; }

    /// <summary>When the transport said that nobody can receive the message (UTC). A parked row is not sent again.</summary>
    public DateTime? UndeliverableAt { get; init; }

    /// <summary>Why the row was parked.</summary>
    public string? UndeliverableReason { get; init; }
}
