namespace Drover.Contracts.Views;

/// <summary>The body of <c>POST /v1/queues/{queue}/retry</c> and <c>/drop</c>: which failed messages, and who says so.</summary>
public sealed record FailedMessagesAction
{
    /// <summary>The messages' ids. One that is not there any more is passed over: who asks twice gets the same.</summary>
    public IReadOnlyList<string>? Ids { get; init; }

    /// <summary>All of them, up to a thousand at once, instead of <see cref="Ids"/>.</summary>
    public bool All { get; init; }

    /// <summary>Who asks, for the log.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>Why, for the log.</summary>
    public string? Reason { get; init; }
}

/// <summary>What became of it.</summary>
public sealed record FailedMessagesActed
{
    /// <summary>The queue.</summary>
    public required string Queue { get; init; }

    /// <summary>How many messages were sent again, or dropped.</summary>
    public required int Messages { get; init; }

    /// <summary>How many failed ones are left.</summary>
    public required long Left { get; init; }
}
