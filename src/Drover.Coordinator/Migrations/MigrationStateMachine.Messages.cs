using Drover.Contracts.Agents;
using MassTransit;

namespace Drover.Coordinator.Migrations;

/// <summary>The states and messages that the table speaks of.</summary>
public sealed partial class MigrationStateMachine
{
    /// <summary>Accepted; its own time to begin has not come.</summary>
    public State Requested { get; private set; } = null!;

    /// <summary>Waits for a slot in each of its lanes.</summary>
    public State Queued { get; private set; } = null!;

    /// <summary>Admitted; both hosts check, and the transfer is ordered.</summary>
    public State Preparing { get; private set; } = null!;

    /// <summary>Memory moves; the guest runs on its source.</summary>
    public State PreCopying { get; private set; } = null!;

    /// <summary>An abort has been ordered; evidence will say who was first.</summary>
    public State Cancelling { get; private set; } = null!;

    /// <summary>It is not known where the guest runs; slots stay held, both hosts are asked.</summary>
    public State Unsure { get; private set; } = null!;

    /// <summary>The guest was moved.</summary>
    public State Completed { get; private set; } = null!;

    /// <summary>The guest stayed, as was asked.</summary>
    public State Cancelled { get; private set; } = null!;

    /// <summary>The guest stayed or is no more, and nobody asked for that.</summary>
    public State Failed { get; private set; } = null!;

    /// <summary>A command that was understood.</summary>
    public Event<RequestMigration> MoveRequested { get; private set; } = null!;

    /// <summary>A cancel that was understood.</summary>
    public Event<RequestCancel> CancelRequested { get; private set; } = null!;

    /// <summary>Slots are held.</summary>
    public Event<MigrationGranted> Granted { get; private set; } = null!;

    /// <summary>A lane has no slot.</summary>
    public Event<MigrationBlocked> Blocked { get; private set; } = null!;

    /// <summary>The source's checks.</summary>
    public Event<SourceChecked> SourceAnswered { get; private set; } = null!;

    /// <summary>The destination's checks.</summary>
    public Event<DestinationChecked> DestinationAnswered { get; private set; } = null!;

    /// <summary>Libvirt has the job.</summary>
    public Event<TransferBegan> TransferStarted { get; private set; } = null!;

    /// <summary>Libvirt has the job no more.</summary>
    public Event<TransferEnded> TransferStopped { get; private set; } = null!;

    /// <summary>A host testified.</summary>
    public Event<GuestReported> Sighted { get; private set; } = null!;

    /// <summary>No agent took an order.</summary>
    public Event<OrderReturned> OrderCameBack { get; private set; } = null!;

    /// <summary>An operator's word on a migration that is unsure.</summary>
    public Event<RequestResolution> ResolutionRequested { get; private set; } = null!;

    /// <summary>The state's time is over.</summary>
    public Event<CheckOn> Checked { get; private set; } = null!;

    /// <summary>Its own time to begin has come.</summary>
    public Event<ReachNotBefore> TimeCame { get; private set; } = null!;

    /// <summary>Its deadline has come.</summary>
    public Event<ReachDeadline> DeadlineCame { get; private set; } = null!;

    // Only a request may begin a saga. Anything else about an unknown migration is about one that retention has taken: it is passed over.
    private void CorrelateEverythingByMigrationId()
    {
        Event(() => MoveRequested, e => e.CorrelateById(m => m.Message.MigrationId));
        Event(() => CancelRequested, e => { e.CorrelateById(m => m.Message.MigrationId); e.OnMissingInstance(m => m.Discard()); });
        Event(() => Granted, e => { e.CorrelateById(m => m.Message.MigrationId); e.OnMissingInstance(m => m.Discard()); });
        Event(() => Blocked, e => { e.CorrelateById(m => m.Message.MigrationId); e.OnMissingInstance(m => m.Discard()); });
        Event(() => SourceAnswered, e => { e.CorrelateById(m => m.Message.MigrationId); e.OnMissingInstance(m => m.Discard()); });
        Event(() => DestinationAnswered, e => { e.CorrelateById(m => m.Message.MigrationId); e.OnMissingInstance(m => m.Discard()); });
        Event(() => TransferStarted, e => { e.CorrelateById(m => m.Message.MigrationId); e.OnMissingInstance(m => m.Discard()); });
        Event(() => TransferStopped, e => { e.CorrelateById(m => m.Message.MigrationId); e.OnMissingInstance(m => m.Discard()); });
        Event(() => Sighted, e => { e.CorrelateById(m => m.Message.MigrationId); e.OnMissingInstance(m => m.Discard()); });
        Event(() => OrderCameBack, e => { e.CorrelateById(m => m.Message.MigrationId); e.OnMissingInstance(m => m.Discard()); });
        Event(() => ResolutionRequested, e => { e.CorrelateById(m => m.Message.MigrationId); e.OnMissingInstance(m => m.Discard()); });
        Event(() => Checked, e => { e.CorrelateById(m => m.Message.MigrationId); e.OnMissingInstance(m => m.Discard()); });
        Event(() => TimeCame, e => { e.CorrelateById(m => m.Message.MigrationId); e.OnMissingInstance(m => m.Discard()); });
        Event(() => DeadlineCame, e => { e.CorrelateById(m => m.Message.MigrationId); e.OnMissingInstance(m => m.Discard()); });
    }
}
