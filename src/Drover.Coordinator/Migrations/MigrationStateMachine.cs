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
            When(Requested).RefuseIfTheGuestIsBusy(),
            When(Requested, WasRefused).Finalize(),
            When(Requested, WasNotRefused).Accept().TransitionTo(Queued));

        During(Queued,
            When(Blocked).SayWhatBlocks(),
            When(Granted, CancelWasAsked).EndCancelled("cancelled before anything was sent").TransitionTo(Cancelled),
            When(Granted, NoCancelWasAsked).AskBothHostsToPrepare().TransitionTo(Preparing),
            When(CancelRequested).RememberCancel().LeaveTheQueue().If(HasLeftTheQueue, left => left.EndCancelled("cancelled while queued").TransitionTo(Cancelled)),
            When(Checked).KnockAtAdmission());

        During(Preparing,
            When(SourceAnswered, SourceRefuses).EndFailed(FailureCode.SourceRefused, answer => answer.Refusal!).TransitionTo(Failed),
            When(SourceAnswered, SourceAgrees).RememberSource().If(BothAreReady, ready => ready.OrderTransfer()),
            When(DestinationAnswered, DestinationRefuses).EndFailed(FailureCode.DestinationRefused, answer => answer.Refusal!).TransitionTo(Failed),
            When(DestinationAnswered, DestinationAgrees).RememberDestination().If(BothAreReady, ready => ready.OrderTransfer()),
            When(TransferStarted).AnnounceStart().TransitionTo(PreCopying),
            When(TransferStopped).RememberEnd().If(HasMoved, moved => moved.AnnounceStart()).AskWhereTheGuestIs().TransitionTo(PreCopying),
            When(OrderCameBack, NothingIsOrderedYet).EndFailed(FailureCode.HostUnreachable, order => $"{order.Host} did not take its order: {order.Reason}").TransitionTo(Failed),
            When(CancelRequested, NothingIsOrderedYet).RememberCancel().EndCancelled("cancelled before anything was sent").TransitionTo(Cancelled),
            When(CancelRequested, TransferIsOrdered).RememberCancel().OrderAbort().TransitionTo(Cancelling),
            When(Checked).RepeatPreparation());

        During(PreCopying,
            When(CancelRequested).RememberCancel().OrderAbort().TransitionTo(Cancelling));

        During(Cancelling,
            When(TransferStarted).RepeatAbort(),
            Ignore(CancelRequested));

        During(Unsure,
            When(CancelRequested).RememberCancel().OrderAbort());

        During(PreCopying, Cancelling, Unsure,
            When(TransferStopped).RememberEnd().AskWhereTheGuestIs(),
            When(Sighted).RememberSighting().If(EvidenceIsComplete, evidence => evidence.Weigh()
                .If(Concludes(Conclusion.Complete), moved => moved.EndCompleted().TransitionTo(Completed))
                .If(Concludes(Conclusion.Cancel), stayed => stayed.ForgetTheCopy().EndCancelled().TransitionTo(Cancelled))
                .If(Concludes(Conclusion.Fail), stayed => stayed.ForgetTheCopy().EndFailed(FailureCode.TransferFailed).TransitionTo(Failed))
                .If(Concludes(Conclusion.RecordGuestEnded), gone => gone.EndFailed(FailureCode.GuestEnded).TransitionTo(Failed))
                .If(Concludes(Conclusion.BarTransfer), stayed => stayed.OrderAbort())
                .If(Concludes(Conclusion.LookAgain), passing => passing.LookAgainSoon())
                .If(Concludes(Conclusion.WaitForTransfer), moving => moving.LookAgainSoon()
                    .If(WasUnsure, found => found.IfElse(CancelIsAsked, yes => yes.TransitionTo(Cancelling), no => no.TransitionTo(PreCopying))))
                .If(Concludes(Conclusion.Doubt), doubt => doubt.AnnounceDoubt().TransitionTo(Unsure))),
            When(Checked)
                .If(AnAnswerIsOverdue, overdue => overdue.Weigh().AnnounceDoubt().TransitionTo(Unsure))
                .If(AbortIsPending, pending => pending.RepeatAbort())
                .AskWhereTheGuestIs());

        // Late and repeated messages find a state that knows them: nothing is lost, nothing is done twice.
        During(Queued, Preparing, When(Requested).CompareWithFirst());
        During(PreCopying, Cancelling, Unsure, When(Requested).CompareWithFirst());
        During(Completed, Cancelled, Failed, When(Requested).CompareWithFirst(), When(CancelRequested).SayThatItHasEnded());
        During(Queued, Ignore(SourceAnswered), Ignore(DestinationAnswered), Ignore(TransferStarted), Ignore(TransferStopped), Ignore(Sighted), Ignore(OrderCameBack));
        During(Preparing, Ignore(Granted), Ignore(Blocked), Ignore(Sighted));
        During(PreCopying, Ignore(TransferStarted));
        During(Unsure, Ignore(TransferStarted));
        During(PreCopying, Cancelling, Unsure, Ignore(Granted), Ignore(Blocked), Ignore(SourceAnswered), Ignore(DestinationAnswered), Ignore(OrderCameBack));
        During(Completed, Cancelled, Failed,
            Ignore(Granted), Ignore(Blocked), Ignore(SourceAnswered), Ignore(DestinationAnswered), Ignore(TransferStarted), Ignore(TransferStopped),
            Ignore(Sighted), Ignore(OrderCameBack), Ignore(Checked));
    }
}
