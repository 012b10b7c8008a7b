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
