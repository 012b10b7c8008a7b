using Drover.Store.Hosts;
using MassTransit;

namespace Drover.Coordinator.Hosts;

/// <summary>
/// A host, as a table of contents: it owns its lanes' limits and the edges of its presence. Its lanes' rows are what admission locks; silence closes them,
/// and ends nothing that runs.
/// </summary>
public sealed class HostStateMachine : MassTransitStateMachine<HostSaga>
{
    /// <summary>Reads top to bottom.</summary>
    public HostStateMachine()
    {
        InstanceState(saga => saga.CurrentState);
        Event(() => Noticed, e => e.CorrelateById(m => HostId.Of(m.Message.Host)));
        Event(() => FellSilent, e => { e.CorrelateById(m => HostId.Of(m.Message.Host)); e.OnMissingInstance(m => m.Discard()); });
        Event(() => CameBack, e => { e.CorrelateById(m => HostId.Of(m.Message.Host)); e.OnMissingInstance(m => m.Discard()); });
        Event(() => DownConfirmed, e => { e.CorrelateById(m => HostId.Of(m.Message.Host)); e.OnMissingInstance(m => m.Discard()); });
        Event(() => OrderCameBack, e => { e.CorrelateById(m => HostId.Of(m.Message.Host)); e.OnMissingInstance(m => m.Discard()); });
        Event(() => FloorRaised, e => { e.CorrelateById(m => HostId.Of(m.Message.Host)); e.OnMissingInstance(m => m.Discard()); });

        Initially(
            When(Noticed).OpenLanes().TransitionTo(Present));

        // The word of an edge may overtake the word of the next one, or come twice: it says that there is something to look at, and the host's row says what.
        During(Present,
            When(FellSilent).IfAsync(HostVerbs.IsSilent, silent => silent.CloseLanes().TransitionTo(Silent)),
            When(DownConfirmed).SayThatItReports(),
            Ignore(Noticed),
            Ignore(CameBack));

        During(Silent,
            When(CameBack).IfAsync(HostVerbs.Reports, back => back.ReopenLanes().TransitionTo(Present)),
            When(DownConfirmed).Fence().TransitionTo(ConfirmedDown),
            Ignore(Noticed),
            Ignore(FellSilent));

        During(ConfirmedDown,
            When(CameBack).IfAsync(HostVerbs.Reports, back => back.WithdrawConfirmation().ReopenLanes().TransitionTo(Present)),
            Ignore(DownConfirmed),
            Ignore(Noticed),
            Ignore(FellSilent));

        During(Present, Silent, ConfirmedDown,
            When(OrderCameBack).TellOnce(),
            When(FloorRaised).RaiseTheFloor());
    }

    /// <summary>Its agent reports.</summary>
    public State Present { get; private set; } = null!;

    /// <summary>Its agent has not reported for a while: nothing is admitted, nothing is concluded.</summary>
    public State Silent { get; private set; } = null!;

    /// <summary>An operator attests that it is down: its migrations are decided without it, and what was ordered before is refused when it comes back.</summary>
    public State ConfirmedDown { get; private set; } = null!;

    /// <summary>The first report.</summary>
    public Event<NoticeHost> Noticed { get; private set; } = null!;

    /// <summary>No report for a while.</summary>
    public Event<NoticeSilence> FellSilent { get; private set; } = null!;

    /// <summary>A report after silence.</summary>
    public Event<NoticeReturn> CameBack { get; private set; } = null!;

    /// <summary>An operator's attestation.</summary>
    public Event<ConfirmDown> DownConfirmed { get; private set; } = null!;

    /// <summary>It did not take an order.</summary>
    public Event<NoticeUnreachable> OrderCameBack { get; private set; } = null!;

    /// <summary>What was ordered before must not be carried out.</summary>
    public Event<RaiseFloor> FloorRaised { get; private set; } = null!;
}
