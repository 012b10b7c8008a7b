using System.Text.Json.Serialization;

namespace Drover.Contracts.Guests;

// Drover → anyone: what hosts' inventories say of a guest that no migration of Drover's explains

/// <summary>What every event of a guest carries.</summary>
public abstract record GuestEvent
{
    /// <summary>The event's name, the same as its routing key.</summary>
    [JsonPropertyOrder(-2)]
    public string Event => RoutingKeys.Events[GetType()];

    /// <summary>This event's own id.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public Guid EventId { get; init; }

    /// <summary>When it was seen.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public DateTimeOffset OccurredAt { get; init; }

    /// <summary>The guest's name.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public string Guest { get; init; } = null!;

    /// <summary>The guest's UUID.</summary>
    [JsonRequired, JsonPropertyOrder(-1)]
    public Guid GuestUuid { get; init; }
}

/// <summary><c>guest.moved</c>: it runs on another host than before, and no migration that Drover knows moved it.</summary>
public sealed record GuestMoved : GuestEvent
{
    /// <summary>Where it ran before.</summary>
    public required string From { get; init; }

    /// <summary>Where it runs now.</summary>
    public required string To { get; init; }

    /// <summary>What is known of how it came there, in words.</summary>
    public required string Reason { get; init; }
}

/// <summary><c>guest.two-copies</c>: an alarm: more than one host says that it runs. Drover destroys none of them: stop the wrong one by hand.</summary>
public sealed record GuestTwoCopies : GuestEvent
{
    /// <summary>The hosts that say so.</summary>
    public required IReadOnlyList<string> Hosts { get; init; }

    /// <summary>The evidence, in words.</summary>
    public required string Reason { get; init; }
}

/// <summary><c>guest.two-copies-over</c>: the alarm is withdrawn: it runs on one host at most.</summary>
public sealed record GuestTwoCopiesOver : GuestEvent
{
    /// <summary>The host on which it runs; null when on none.</summary>
    public string? Host { get; init; }

    /// <summary>The evidence, in words.</summary>
    public required string Reason { get; init; }
}
