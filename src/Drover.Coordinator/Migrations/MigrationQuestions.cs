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

    // Who is confirmed down need not answer; whether that still holds is asked again when the evidence is weighed.
    private static bool EvidenceIsComplete(SagaConsumeContext<MigrationSaga> context) =>
        context.Saga is { SourceSighting: not null, DestinationSighting: not null } or { SourceSighting: not null, DestinationDown: not null } or { SourceDown: not null, DestinationSighting: not null };

    private static bool AHostIsDown(SagaConsumeContext<MigrationSaga> context) => context.Saga is not { SourceDown: null, DestinationDown: null };

    private static bool NothingWasOrderedYet(SagaConsumeContext<MigrationSaga> context) => !context.Saga.TransferOrdered;

    private static bool HasNotEnded(SagaConsumeContext<MigrationSaga> context) => context.Saga.EndedAt is null;

    private static bool HasResolution(SagaConsumeContext<MigrationSaga> context) => context.Saga.Resolution is not null;

    // While the source says that it still sends, the destination's silence changes nothing.
    private static bool AnAnswerIsOverdue(SagaConsumeContext<MigrationSaga> context) =>
        context.Saga is { SourceDown: not null, DestinationDown: not null } || (context.Saga is { AskedAt: { } asked } saga
        && (saga is { SourceSighting: null, SourceDown: null } || (saga is { DestinationSighting: null, DestinationDown: null } && (saga.TransferOver || saga.SourceDown is not null || saga.Resolution is not null)))
        && context.Now() - asked >= Patience.Answer);

    private bool WasUnsure(SagaConsumeContext<MigrationSaga> context) => context.Saga.CurrentState == Unsure.Name;

    private static bool AbortIsPending(SagaConsumeContext<MigrationSaga> context) => context.Saga is { CancelAsked: true, TransferOver: false };

    private static bool HasMoved(BehaviorContext<MigrationSaga, TransferEnded> context) => context.Message.Error is null;

    // Once the transfer is ordered, a repeated check would see the transfer itself: its answer means nothing any more.
    private static bool SourceRefuses(BehaviorContext<MigrationSaga, SourceChecked> context) => NothingIsOrderedYet(context) && context.Message.Refusal is not null && !SourceTellsOfMore(context);

    private static bool SourceAgrees(BehaviorContext<MigrationSaga, SourceChecked> context) => NothingIsOrderedYet(context) && context.Message.Refusal is null;

    // Nothing was ordered as far as this database knows: if a host knows better, the database was restored from an older backup; if the source does not have the
    // guest at all, other hands moved or ended it. Either way evidence decides, and no old order is given again.
    private static bool SourceTellsOfMore(BehaviorContext<MigrationSaga, SourceChecked> context) =>
        NothingIsOrderedYet(context) && context.Message is { Refusal: not null, Sighting: { LibvirtAway: null } seen } && (!seen.Present || IsOfThisAttempt(context.Saga, seen));

    private static bool DestinationTellsOfMore(BehaviorContext<MigrationSaga, DestinationChecked> context) =>
        NothingIsOrderedYet(context) && context.Message is { Refusal: not null, Sighting: { LibvirtAway: null } seen } && IsOfThisAttempt(context.Saga, seen);

    private static bool IsOfThisAttempt(MigrationSaga saga, GuestSighting seen) => seen.Present && seen.MarkMigrationId == saga.CorrelationId && seen.MarkAttempt == saga.Attempt;

    private static string WhatTheSourceTells(GuestSighting seen) => seen.Present
        ? "the source has the guest with this migration's own mark, which this database does not know of: both hosts are asked"
        : "the guest is not on its source any more: both hosts are asked";

    private static bool DestinationRefuses(BehaviorContext<MigrationSaga, DestinationChecked> context) => NothingIsOrderedYet(context) && context.Message.Refusal is not null && !DestinationTellsOfMore(context);

    private static bool DestinationAgrees(BehaviorContext<MigrationSaga, DestinationChecked> context) => NothingIsOrderedYet(context) && context.Message.Refusal is null;

    private static StateMachineCondition<MigrationSaga, T> Concludes<T>(Conclusion conclusion)
        where T : class => context => context.Conclusion() == conclusion;
}
