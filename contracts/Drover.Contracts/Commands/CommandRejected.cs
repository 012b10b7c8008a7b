using System.Text.Json.Serialization;

namespace Drover.Contracts.Commands;

/// <summary><c>command.rejected</c>: a command had no effect, and why.</summary>
public sealed record CommandRejected
{
    /// <summary>The event's name, the same as its routing key.</summary>
    [JsonPropertyOrder(-1)]
    public string Event => RoutingKeys.Events[GetType()];

    /// <summary>This event's own id.</summary>
    public required Guid EventId { get; init; }

    /// <summary>When it was rejected.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The command's routing key ("migrate-guest"); for an unknown one, what was sent.</summary>
    public required string Command { get; init; }

    /// <summary>The kind of fault, for programs.</summary>
    public required RejectionCode Code { get; init; }

    /// <summary>One sentence: what is wrong, and what would be right.</summary>
    public required string Message { get; init; }

    /// <summary>The migration it named, where that could be read.</summary>
    public Guid? MigrationId { get; init; }

    /// <summary>The host it named, for a command about a host.</summary>
    public string? Host { get; init; }

    /// <summary>The AMQP message-id of the command, where it had one.</summary>
    public string? CommandMessageId { get; init; }
}

/// <summary>Why a command was rejected.</summary>
public enum RejectionCode
{
    /// <summary>The body is not JSON, or not a JSON object.</summary>
    NotJson = 1,

    /// <summary>The body is larger than 64 KiB.</summary>
    BodyTooLarge = 2,

    /// <summary>A member that this command does not have.</summary>
    UnknownMember = 3,

    /// <summary>A required member is not there, or null.</summary>
    MissingMember = 4,

    /// <summary>A value of the wrong kind, out of its range, or given twice.</summary>
    InvalidValue = 5,

    /// <summary>A name that libvirt would refuse.</summary>
    InvalidName = 6,

    /// <summary>No queue takes commands of this name.</summary>
    UnknownCommand = 7,

    /// <summary>No such host has ever reported.</summary>
    UnknownHost = 8,

    /// <summary>No host reports such a guest.</summary>
    UnknownGuest = 9,

    /// <summary>The guest is not on the host that the command names.</summary>
    GuestNotOnHost = 10,

    /// <summary>The name belongs to guests on more than one host: use the UUID, or name the source.</summary>
    GuestAmbiguous = 11,

    /// <summary>Source and destination are the same host.</summary>
    SameHost = 12,

    /// <summary>The id belongs to a migration with another body.</summary>
    IdReused = 13,

    /// <summary>The guest is in another migration that has not ended.</summary>
    GuestBusy = 14,

    /// <summary>No migration has this id.</summary>
    UnknownMigration = 15,

    /// <summary>The migration has ended already.</summary>
    AlreadyEnded = 16,

    /// <summary>The guest already runs on its destination: there is no way back.</summary>
    TooLateToCancel = 17,

    /// <summary>The host reports: it is not down.</summary>
    HostReports = 20,

    /// <summary>The migration is not unsure: its hosts' evidence decides it.</summary>
    NotUnsure = 21,

    /// <summary>The statement does not name the guest and the place that go with the outcome.</summary>
    StatementMisfits = 22,

    /// <summary>A host that answers contradicts the statement.</summary>
    StatementContradicted = 23,
}
