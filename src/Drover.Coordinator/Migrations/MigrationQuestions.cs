using Drover.Contracts.Agents;
using Drover.Policy.Verdicts;
using Drover.Store.Migrations;
using MassTransit;

namespace Drover.Coordinator.Migrations;

/// <summary>The questions that the table asks: each one line, each about the saga or its message.</summary>
public sealed partial class MigrationStateMachine
{
    private static bool WasRefused(SagaConsumeContext<MigrationSaga> context) => context.Saga.Refused;

    private static bool WasNotRefused(SagaConsumeContext<MigrationSaga> context) => !context.Saga.Refused;

    private static bool ItsTimeHasCome(SagaConsumeContext<MigrationSaga> context) => context.Saga.NotBefore is not { } start || start <= context.Now();

    private static bool ItIsTheArmedStart(BehaviorContext<MigrationSaga, ReachNotBefore> context) => context.Message.Token == context.Saga.NotBeforeToken;

    private static bool ItIsTheArmedDeadline(BehaviorContext<MigrationSaga, ReachDeadline> context) => context.Message.Token == context.Saga.DeadlineToken;

    private static bool ForceIsPending(SagaConsumeContext<MigrationSaga> context) => context.Saga is { Forced: true, CancelAsked: false, TransferOver: false };

    private static bool CancelWasAsked(SagaConsumeContext<MigrationSaga> context) => context.Saga.CancelAsked;

    private static bool NoCancelWasAsked(SagaConsumeContext<MigrationSaga> context) => !context.Saga.CancelAsked;

    private static bool CancelIsAsked(SagaConsumeContext<MigrationSaga> context) => context.Saga.CancelAsked;

    private static bool HasLeftTheQueue(SagaConsumeContext<MigrationSaga> context) => context.Saga.LeftTheQueue;

    private static bool NothingIsOrderedYet(SagaConsumeContext<MigrationSaga> context) => !context.Saga.TransferOrdered;

    private static bool TransferIsOrdered(SagaConsumeContext<MigrationSaga> context) => context.Saga.TransferOrdered;

    private static bool BothAreReady(SagaConsumeContext<MigrationSaga> context) => context.Saga is { SourceReady: true, PeerUri: not null, TransferOrdered: false };

    private static bool EvidenceIsComplete(SagaConsumeContext<MigrationSaga> context) => context.Saga is { SourceSighting: not null, DestinationSighting: not null };

    // While the source says that it still sends, the destination's silence changes nothing.
    private static bool AnAnswerIsOverdue(SagaConsumeContext<MigrationSaga> context) =>
        context.Saga is { AskedAt: { } asked } saga
        && (saga.SourceSighting is null || (saga.DestinationSighting is null && saga.TransferOver))
        && context.Now() - asked >= Patience.Answer;

    private bool WasUnsure(SagaConsumeContext<MigrationSaga> context) => context.Saga.CurrentState == Unsure.Name;

    private static bool AbortIsPending(SagaConsumeContext<MigrationSaga> context) => context.Saga is { CancelAsked: true, TransferOver: false };

    private static bool HasMoved(BehaviorContext<MigrationSaga, TransferEnded> context) => context.Message.Error is null;

    // Once the transfer is ordered, a repeated check would see the transfer itself: its answer means nothing any more.
    private static bool SourceRefuses(BehaviorContext<MigrationSaga, SourceChecked> context) => NothingIsOrderedYet(context) && context.Message.Refusal is not null;

    private static bool SourceAgrees(BehaviorContext<MigrationSaga, SourceChecked> context) => NothingIsOrderedYet(context) && context.Message.Refusal is null;

    private static bool DestinationRefuses(BehaviorContext<MigrationSaga, DestinationChecked> context) => NothingIsOrderedYet(context) && context.Message.Refusal is not null;

    private static bool DestinationAgrees(BehaviorContext<MigrationSaga, DestinationChecked> context) => NothingIsOrderedYet(context) && context.Message.Refusal is null;

    private static StateMachineCondition<MigrationSaga, GuestReported> Concludes(Conclusion conclusion) => context => context.Conclusion() == conclusion;
}
