namespace Drover.Coordinator.Hosts;

// Presence's edges, told to a host's saga by those who see them: the reports' consumer and the presence watch.
//   reports → host:   NoticeHost (first report), NoticeReturn (a report after silence)
//   watch → host:     NoticeSilence
// What operators and migrations tell it:
//   intake → host:     ConfirmDown
//   migration → host:  NoticeUnreachable (an order came back), RaiseFloor

/// <summary>A host reported for the first time.</summary>
public sealed record NoticeHost
{
    /// <summary>The host.</summary>
    public required string Host { get; init; }
}

/// <summary>A host has not reported for a while.</summary>
public sealed record NoticeSilence
{
    /// <summary>The host.</summary>
    public required string Host { get; init; }

    /// <summary>When it last reported.</summary>
    public required DateTimeOffset LastReportAt { get; init; }
}

/// <summary>A silent host reports again.</summary>
public sealed record NoticeReturn
{
    /// <summary>The host.</summary>
    public required string Host { get; init; }
}

/// <summary>An operator attests that the host is down.</summary>
public sealed record ConfirmDown
{
    /// <summary>The host.</summary>
    public required string Host { get; init; }

    /// <summary>The AMQP message-id of the command, for a rejection.</summary>
    public string? CommandMessageId { get; init; }

    /// <summary>Who attests it.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>How they know.</summary>
    public required string Reason { get; init; }
}

/// <summary>An order to the host came back.</summary>
public sealed record NoticeUnreachable
{
    /// <summary>The host.</summary>
    public required string Host { get; init; }

    /// <summary>The migration that the order was for.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>The order's type name.</summary>
    public required string Order { get; init; }

    /// <summary>Why it came back.</summary>
    public required string Reason { get; init; }
}

/// <summary>Orders to begin that were given to the host before now must not be carried out any more.</summary>
public sealed record RaiseFloor
{
    /// <summary>The host.</summary>
    public required string Host { get; init; }
}
