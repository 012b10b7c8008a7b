using Drover.Contracts.Migrations;
using MassTransit;

namespace Drover.Store.Migrations;

/// <summary>
/// One migration as the database remembers it: what was asked, where it stands, and what the hosts said. It stays after its end, so that a late message
/// finds a state that ignores it, until retention takes it.
/// </summary>
public sealed class MigrationSaga : SagaStateMachineInstance, ISagaVersion
{
    /// <summary>The migration's id, the client's own.</summary>
    public Guid CorrelationId { get; set; }

    /// <summary>Incremented by the repository on each save.</summary>
    public int Version { get; set; }

    /// <summary>The state's name, never its number: states may come and go.</summary>
    public string CurrentState { get; set; } = null!;

    /// <summary>Why it is in that state, for an operator.</summary>
    public string? StateReason { get; set; }

    // What was asked.

    /// <summary>Digest of the request's body: the same id with another digest is another request.</summary>
    public string BodyDigest { get; set; } = null!;

    /// <summary>The guest's name when it was requested.</summary>
    public string Guest { get; set; } = null!;

    /// <summary>The guest.</summary>
    public Guid GuestUuid { get; set; }

    /// <summary>Its memory in bytes when it was requested.</summary>
    public long GuestMemoryBytes { get; set; }

    /// <summary>The host it moves from.</summary>
    public string Source { get; set; } = null!;

    /// <summary>The host it moves to.</summary>
    public string Destination { get; set; } = null!;

    /// <summary>0 to 9.</summary>
    public int Priority { get; set; }

    /// <summary>Who asked.</summary>
    public string? RequestedBy { get; set; }

    /// <summary>Why they asked.</summary>
    public string? RequestReason { get; set; }

    /// <summary>The guest's tenant.</summary>
    public string? Tenant { get; set; }

    /// <summary>Hidden from the tenant.</summary>
    public bool OperatorOnly { get; set; }

    /// <summary>The longest pause that the request allows; null leaves it to Drover.</summary>
    public TimeSpan? MaxDowntime { get; set; }

    /// <summary>The request's cap in bytes per second; null leaves it to Drover.</summary>
    public long? BandwidthBytesPerSecond { get; set; }

    /// <summary>When it may enter the queue at the earliest; null: at once.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>When it should have ended; null: whenever.</summary>
    public DateTimeOffset? Deadline { get; set; }

    /// <summary>What is done when it has not ended by then; null without a deadline.</summary>
    public OnDeadline? OnDeadline { get; set; }

    // Where it stands.

    /// <summary>The present attempt, from 1.</summary>
    public int Attempt { get; set; }

    /// <summary>The newest order's epoch: an agent refuses an older one.</summary>
    public long Epoch { get; set; }

    /// <summary>The last event's number.</summary>
    public long Sequence { get; set; }

    /// <summary>When it was requested.</summary>
    public DateTimeOffset RequestedAt { get; set; }

    /// <summary>When its transfer began.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it ended; null while it has not, which is what the one-unfinished-migration-per-guest index looks at.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When the state's own order or question is to be given again; null after the end.</summary>
    public DateTimeOffset? CheckAt { get; set; }

    /// <summary>Set when the request was refused as it came: such a saga is never saved.</summary>
    public bool Refused { get; set; }

    /// <summary>Set while a message is handled: its waiting row was there and is gone. Not saved.</summary>
    public bool LeftTheQueue { get; set; }

    // Schedules: the token of each that is armed; null when it has come, was taken back, or never was. A message with another token is passed over.

    /// <summary>The schedule that begins it.</summary>
    public Guid? NotBeforeToken { get; set; }

    /// <summary>The schedule of its deadline.</summary>
    public Guid? DeadlineToken { get; set; }

    /// <summary>Its deadline wants it forced: once it moves, its pause is not limited.</summary>
    public bool Forced { get; set; }

    // Preparing.

    /// <summary>The source said that the guest can leave.</summary>
    public bool SourceReady { get; set; }

    /// <summary>Libvirt keeps the guest's definition when it is off.</summary>
    public bool PersistentGuest { get; set; }

    /// <summary>The destination's libvirt, as it told; null until it said that the guest can come.</summary>
    public string? PeerUri { get; set; }

    /// <summary>Where the memory stream goes.</summary>
    public string? MigrateUri { get; set; }

    /// <summary>The transfer has been ordered: from here on only evidence can end the migration.</summary>
    public bool TransferOrdered { get; set; }

    // Cancelling.

    /// <summary>A cancel was accepted.</summary>
    public bool CancelAsked { get; set; }

    /// <summary>Who asked for it.</summary>
    public string? CancelRequestedBy { get; set; }

    /// <summary>Why they asked.</summary>
    public string? CancelReason { get; set; }

    // Evidence.

    /// <summary>The number of the question that both hosts are asked now.</summary>
    public int Question { get; set; }

    /// <summary>When it was asked.</summary>
    public DateTimeOffset? AskedAt { get; set; }

    /// <summary>The source's agent said that its libvirt has the transfer no more, or never will.</summary>
    public bool TransferOver { get; set; }

    /// <summary>The source's answer to it as JSON; null until it comes.</summary>
    public string? SourceSighting { get; set; }

    /// <summary>The destination's answer to it as JSON; null until it comes.</summary>
    public string? DestinationSighting { get; set; }

    /// <summary>By whom and why the source is confirmed down, as of the last look; null when it is not.</summary>
    public string? SourceDown { get; set; }

    /// <summary>By whom and why the destination is confirmed down, as of the last look; null when it is not.</summary>
    public string? DestinationDown { get; set; }

    /// <summary>Since when neither of its hosts has the guest; null while one has.</summary>
    public DateTimeOffset? MissingSince { get; set; }

    /// <summary>What an operator said of it, as JSON, until the present question is answered; null when nobody did.</summary>
    public string? Resolution { get; set; }

    /// <summary>What libvirt said when its call returned; a hint for the reason, never a verdict.</summary>
    public string? TransferError { get; set; }

    /// <summary>The pause at switch-over, where known.</summary>
    public TimeSpan? Downtime { get; set; }

    /// <summary>Bytes sent, where known.</summary>
    public long? TransferredBytes { get; set; }

    /// <summary>Passes over memory, where known.</summary>
    public long? Passes { get; set; }
}
