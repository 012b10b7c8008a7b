namespace Drover.Contracts.Views;

/// <summary>A queue as the HTTP API shows it.</summary>
public sealed record QueueView
{
    /// <summary>Its name; <c>outbox</c> is the database's: what was decided and has not left yet, and what could not be delivered.</summary>
    public required string Queue { get; init; }

    /// <summary>Messages that wait in it.</summary>
    public required long Messages { get; init; }

    /// <summary>Who reads it; null for the outbox.</summary>
    public int? Consumers { get; init; }

    /// <summary>Messages set aside: those that no try could handle, or that nobody could receive.</summary>
    public required long Failed { get; init; }

    /// <summary>When the oldest message came that waits in it; only known of the outbox.</summary>
    public DateTimeOffset? OldestAt { get; init; }

    /// <summary>When the oldest of the failed ones failed; null without any.</summary>
    public DateTimeOffset? OldestFailureAt { get; init; }
}

/// <summary>The queues.</summary>
public sealed record QueueList
{
    /// <summary>The outbox first, then the queues by name.</summary>
    public required IReadOnlyList<QueueView> Queues { get; init; }
}

/// <summary>A queue with the messages of it that failed.</summary>
public sealed record QueueDetail
{
    /// <summary>The queue.</summary>
    public required QueueView Queue { get; init; }

    /// <summary>The failed messages, oldest first.</summary>
    public required IReadOnlyList<FailedMessageView> Failed { get; init; }
}

/// <summary>A message that was set aside.</summary>
public sealed record FailedMessageView
{
    /// <summary>Its name for retry and drop.</summary>
    public required string Id { get; init; }

    /// <summary>The queue that it was for.</summary>
    public required string Queue { get; init; }

    /// <summary>Its type, or its routing key where it is a public one; null when neither can be told.</summary>
    public string? Type { get; init; }

    /// <summary>The sender's message-id, where it has one.</summary>
    public string? MessageId { get; init; }

    /// <summary>When it was set aside.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>The type of the exception that it caused last; null when it caused none.</summary>
    public string? Exception { get; init; }

    /// <summary>Where that came from: a stack trace.</summary>
    public string? Trace { get; init; }

    /// <summary>The body as text, its first 64 KiB.</summary>
    public required string Body { get; init; }
}
