using System.Text.Json.Serialization;

namespace Drover.Contracts.Hosts;

// agent → coordinator: HostReported, every few seconds;  coordinator → anyone: only the edges

/// <summary>What every event of a host carries.</summary>
public abstract record HostEvent
{
    /// <summary>The event's name, the same as its routing key.</summary>
    [JsonPropertyOrder(-2)]
    public string Event => RoutingKeys.Events[GetType()];

    /// <summary>This event's own id.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public Guid EventId { get; init; }

    /// <summary>When it happened.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>The host.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public string Host { get; init; } = null!;
}

/// <summary><c>host.appeared</c>: a host reported for the first time.</summary>
public sealed record HostAppeared : HostEvent
{
    /// <summary>How many migrations may leave it at once.</summary>
    public required int OutLimit { get; init; }

    /// <summary>How many migrations may come to it at once.</summary>
    public required int InLimit { get; init; }
}

/// <summary><c>host.silent</c>: its agent has not reported for a while. Nothing is concluded from that alone.</summary>
public sealed record HostSilent : HostEvent
{
    /// <summary>When it last reported.</summary>
    public required DateTimeOffset LastReportAt { get; init; }
}

/// <summary><c>host.back</c>: a silent host reports again.</summary>
public sealed record HostBack : HostEvent
{
    /// <summary>Since when it had been silent.</summary>
    public required DateTimeOffset SilentSince { get; init; }
}

/// <summary><c>host.confirmed-down</c>: an operator attested that a silent host is down. Its migrations are decided without it.</summary>
public sealed record HostConfirmedDown : HostEvent
{
    /// <summary>Who attested it.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>How they knew.</summary>
    public required string Reason { get; init; }
}

/// <summary><c>host.confirmation-withdrawn</c>: a host that was confirmed down reports again: its word counts again.</summary>
public sealed record HostConfirmationWithdrawn : HostEvent
{
    /// <summary>When it had been confirmed down.</summary>
    public required DateTimeOffset ConfirmedAt { get; init; }
}

/// <summary><c>host.unreachable</c>: an order to it came back: it has no agent, or its agent took nothing in time. Said once, until its agent is back.</summary>
public sealed record HostUnreachable : HostEvent
{
    /// <summary>The order's type name.</summary>
    public required string Order { get; init; }

    /// <summary>The migration that it was for.</summary>
    public required Guid MigrationId { get; init; }

    /// <summary>Why it came back, in words.</summary>
    public required string Reason { get; init; }
}
