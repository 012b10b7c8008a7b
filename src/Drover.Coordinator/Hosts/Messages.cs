namespace Drover.Coordinator.Hosts;

// Presence's edges, told to a host's saga by those who see them: the reports' consumer and the presence watch.
//   reports → host:   NoticeHost (first report), NoticeReturn (a report after silence)
//   watch → host:     NoticeSilence

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
