using Drover.Contracts.Migrations;
using Drover.Policy.Verdicts;
using Drover.Store.Migrations;
using MassTransit;

namespace Drover.Coordinator.Migrations;

/// <summary>
/// A migration's life, as a table of contents. It routes and remembers; what to do is decided by pure functions (Drover.Policy); each verb is in
/// <c>MigrationVerbs</c>, each question in <c>MigrationQuestions</c>. Once a transfer has been ordered, only both hosts' evidence ends a migration.
/// </summary>
public sealed partial class MigrationStateMachine : MassTransitStateMachine<MigrationSaga>
{
    /// <summary>Reads top to bottom in life order.</summary>
    public MigrationStateMachine()
    {
        InstanceState(saga => saga.CurrentState);
        SetCompleted(saga => Task.FromResult(saga.Refused));
        CorrelateEverythingByMigrationId();

        Initially(
            When(MoveRequested).RefuseIfTheGuestIsBusy(),
            When(MoveRequested, WasRefused).Finalize(),
            When(MoveRequested, WasNotRefused).Accept().ArmDeadline()
                .IfElse(ItsTimeHasCome, now => now.EnterTheQueue().TransitionTo(Queued), later => later.ArmNotBefore().TransitionTo(Requested)));

        During(Requested,
            When(TimeCame, ItIsTheArmedStart).EnterTheQueue().TransitionTo(Queued),
            When(Checked).IfElse(ItsTimeHasCome, now => now.EnterTheQueue().TransitionTo(Queued), later => later.ArmNotBefore()),
            When(CancelRequested).RememberCancel().EndCancelled("cancelled before its time to begin").TransitionTo(Cancelled));

        During(Queued,
            When(Blocked).SayWhatBlocks(),
            When(Granted, CancelWasAsked).EndCancelled("cancelled before anything was sent").TransitionTo(Cancelled),
            When(Granted, NoCancelWasAsked).AskBothHostsToPrepare().TransitionTo(Preparing),
            When(CancelRequested).RememberCancel().LeaveTheQueue().If(HasLeftTheQueue, left => left.EndCancelled("cancelled while queued").TransitionTo(Cancelled)),
            When(Checked).KnockAtAdmission());

        During(Preparing,
            When(SourceAnswered, SourceTellsOfMore).Adopt(answer => answer.Sighting!).Doubt(answer => WhatTheSourceTells(answer.Sighting!)).AskWhereTheGuestIs().TransitionTo(Unsure),
            When(DestinationAnswered, DestinationTellsOfMore).Adopt(answer => answer.Sighting!).Doubt(_ => "the destination has the guest with this migration's own mark, which this database does not know of: both hosts are asked").AskWhereTheGuestIs().TransitionTo(Unsure),
            When(SourceAnswered, SourceRefuses).EndFailed(FailureCode.SourceRefused, answer => answer.Refusal!).TransitionTo(Failed),
            When(SourceAnswered, SourceAgrees).RememberSource().If(BothAreReady, ready => ready.OrderTransfer()),
            When(DestinationAnswered, DestinationRefuses).EndFailed(FailureCode.DestinationRefused, answer => answer.Refusal!).TransitionTo(Failed),
            When(DestinationAnswered, DestinationAgrees).RememberDestination().If(BothAreReady, ready => ready.OrderTransfer()),
            When(TransferStarted).AnnounceStart().If(ForceIsPending, late => late.AnnounceForce().OrderForce()).TransitionTo(PreCopying),
            When(TransferStopped).RememberEnd().If(HasMoved, moved => moved.AnnounceStart()).AskWhereTheGuestIs().TransitionTo(PreCopying),
            When(OrderCameBack, NothingIsOrderedYet).TellOfReturn().EndFailed(FailureCode.HostUnreachable, order => $"{order.Host} did not take its order: {order.Reason}").TransitionTo(Failed),
            When(OrderCameBack, TransferIsOrdered).TellOfReturn().Doubt(order => $"{order.Host} did not take its order: {order.Reason}; both hosts are asked").AskWhereTheGuestIs().TransitionTo(Unsure),
            When(CancelRequested, NothingIsOrderedYet).RememberCancel().EndCancelled("cancelled before anything was sent").TransitionTo(Cancelled),
            When(CancelRequested, TransferIsOrdered).RememberCancel().OrderAbort().TransitionTo(Cancelling),
            When(Checked).LookForAttestations()
                .IfElse(AHostIsDown,
                    down => down.IfElse(NothingWasOrderedYet,
                        none => none.EndFailed(FailureCode.HostUnreachable, _ => "one of its hosts is confirmed down, and nothing had been sent").TransitionTo(Failed),
                        ordered => ordered.Doubt(_ => "the transfer is ordered, and one of its hosts is confirmed down: the other is asked").AskWhereTheGuestIs().TransitionTo(Unsure)),
                    up => up.RepeatPreparation()));

        During(PreCopying,
            When(CancelRequested).RememberCancel().OrderAbort().TransitionTo(Cancelling));

        During(Cancelling,
            When(TransferStarted).RepeatAbort(),
            Ignore(CancelRequested));

        During(Unsure,
            When(CancelRequested).RememberCancel().OrderAbort(),
            When(ResolutionRequested).RememberResolution().If(HasResolution, resolved => resolved.AskWhereTheGuestIs()));

        During(PreCopying, Cancelling, Unsure,
            When(TransferStopped).RememberEnd().AskWhereTheGuestIs(),
            When(Sighted).RememberSighting().If(EvidenceIsComplete, evidence => Conclude(evidence)),
            When(OrderCameBack).TellOfReturn(),
            When(Checked).LookForAttestations()
                .If(AnAnswerIsOverdue, overdue => Conclude(overdue))
                .If(HasNotEnded, on => on
                    .If(AbortIsPending, pending => pending.RepeatAbort())
                    .If(ForceIsPending, pending => pending.OrderForce())
                    .AskWhereTheGuestIs()));

        // Nothing but its own deadline acts because a time is over, and as the request wants it. Once a cancel is under way there is nothing left to do.
        During(Requested, Queued, Preparing, When(DeadlineCame, ItIsTheArmedDeadline).ActOnTheDeadline());
        During(PreCopying, Unsure, When(DeadlineCame, ItIsTheArmedDeadline).ActOnTheDeadline());
        During(Cancelling, Completed, Cancelled, Failed, Ignore(DeadlineCame));

        // Late and repeated messages find a state that knows them: nothing is lost, nothing is done twice.
        During(Requested, Queued, Preparing, When(MoveRequested).CompareWithFirst());
        During(Requested, Ignore(Granted), Ignore(Blocked), Ignore(SourceAnswered), Ignore(DestinationAnswered), Ignore(TransferStarted), Ignore(TransferStopped), Ignore(Sighted), Ignore(OrderCameBack));
        During(Queued, Preparing, Ignore(TimeCame));
        During(PreCopying, Cancelling, Unsure, Ignore(TimeCame));
        During(Completed, Cancelled, Failed, Ignore(TimeCame));
        During(PreCopying, Cancelling, Unsure, When(MoveRequested).CompareWithFirst());
        During(Completed, Cancelled, Failed, When(MoveRequested).CompareWithFirst(), When(CancelRequested).SayThatItHasEnded());
        During(Requested, Queued, Preparing, When(ResolutionRequested).SayThatItIsNotUnsure());
        During(PreCopying, Cancelling, When(ResolutionRequested).SayThatItIsNotUnsure());
        During(Completed, Cancelled, Failed, When(ResolutionRequested).SayThatItIsNotUnsure());
        During(Queued, Ignore(SourceAnswered), Ignore(DestinationAnswered), Ignore(TransferStarted), Ignore(TransferStopped), Ignore(Sighted), Ignore(OrderCameBack));
        During(Preparing, Ignore(Granted), Ignore(Blocked), Ignore(Sighted));
        During(PreCopying, Ignore(TransferStarted));
        During(Unsure, Ignore(TransferStarted));
        During(PreCopying, Cancelling, Unsure, Ignore(Granted), Ignore(Blocked), Ignore(SourceAnswered), Ignore(DestinationAnswered));
        During(Completed, Cancelled, Failed,
            Ignore(Granted), Ignore(Blocked), Ignore(SourceAnswered), Ignore(DestinationAnswered), Ignore(TransferStarted), Ignore(TransferStopped),
            Ignore(Sighted), Ignore(OrderCameBack), Ignore(Checked));
    }

    /// <summary>What follows from the evidence as it lies; the same whether an answer completed it or an attestation stands for one that will not come.</summary>
    private EventActivityBinder<MigrationSaga, T> Conclude<T>(EventActivityBinder<MigrationSaga, T> evidence)
        where T : class => evidence.Weigh()
            .If(Concludes<T>(Conclusion.Complete), moved => moved.ForgetAtSource().EndCompleted().TransitionTo(Completed))
            .If(Concludes<T>(Conclusion.Cancel), stayed => stayed.ForgetTheCopy().EndCancelled().TransitionTo(Cancelled))
            .If(Concludes<T>(Conclusion.Fail), stayed => stayed.ForgetTheCopy().EndFailed(FailureCode.TransferFailed).TransitionTo(Failed))
            .If(Concludes<T>(Conclusion.RecordGuestEnded), gone => gone.EndFailed(FailureCode.GuestEnded).TransitionTo(Failed))
            .If(Concludes<T>(Conclusion.RecordMovedByOthers), moved => moved.EndFailed(FailureCode.MovedByOthers).TransitionTo(Failed))
            .If(Concludes<T>(Conclusion.FailAsResolved), resolved => resolved.EndFailed(FailureCode.ResolvedByOperator).TransitionTo(Failed))
            .If(Concludes<T>(Conclusion.BarTransfer), stayed => stayed.OrderAbort())
            .If(Concludes<T>(Conclusion.LookAgain), passing => passing.LookAgainSoon())
            .If(Concludes<T>(Conclusion.WaitForTransfer), moving => moving.LookAgainSoon()
                .If(WasUnsure, found => found.IfElse(CancelIsAsked, yes => yes.TransitionTo(Cancelling), no => no.TransitionTo(PreCopying))))
            .If(Concludes<T>(Conclusion.Doubt), doubt => doubt.AnnounceDoubt().TransitionTo(Unsure));
}
