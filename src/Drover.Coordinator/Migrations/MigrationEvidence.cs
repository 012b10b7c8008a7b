using System.Text.Json;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Agents;
using Drover.Contracts.Commands;
using Drover.Contracts.Migrations;
using Drover.Coordinator.Hosts;
using Drover.Policy.Model;
using Drover.Policy.Verdicts;
using Drover.Store.Migrations;
using MassTransit;

namespace Drover.Coordinator.Migrations;

/// <summary>The verbs that gather and weigh evidence: what hosts testify, what operators attest and state, what a restored database has forgotten.</summary>
internal static class MigrationEvidence
{
    extension(SagaConsumeContext<MigrationSaga> context)
    {
        public Conclusion Conclusion() => context.GetPayload<Weighed>().Conclusion;
    }

    internal static Testimony Testify(string? sighting, string? attestation = null) => (sighting, attestation) switch
    {
        (null, { } down) => new Testimony.ConfirmedDown(down),
        (null, null) => new Testimony.Silent(),
        _ => Translate.ToTestimony(JsonSerializer.Deserialize<GuestSighting>(sighting, ContractsJson.Tolerant)),
    };

    extension<T>(EventActivityBinder<MigrationSaga, T> binder)
        where T : class
    {
        public EventActivityBinder<MigrationSaga, T> Weigh() => binder.ThenAsync(async context =>
        {
            var (saga, ledger) = (context.Saga, context.Ledger());

            // An attestation is asked again when it counts: its host may have come back since the last look.
            if (saga is not { SourceDown: null, DestinationDown: null })
                (saga.SourceDown, saga.DestinationDown) = await ledger.Attestations(saga, context.CancellationToken);
            var (source, destination) = (Testify(saga.SourceSighting, saga.SourceDown), Testify(saga.DestinationSighting, saga.DestinationDown));
            var verdict = TruthTable.Decide(source, destination, new Elsewhere.Nowhere(), saga.CorrelationId, saga.Attempt);

            // Only where neither host has it do other hosts' inventories matter.
            saga.MissingSince = verdict is Verdict.GuestEnded ? saga.MissingSince ?? ledger.Now : null;
            if (verdict is Verdict.GuestEnded)
                verdict = TruthTable.Decide(source, destination, await ledger.Elsewhere(saga, context.CancellationToken), saga.CorrelationId, saga.Attempt);

            var conclusion = Conclusions.Draw(verdict, context.TransferIsOver(source), saga.CancelAsked);
            if (saga.Resolution is not null)
                (verdict, conclusion) = await context.WeighResolution(verdict, conclusion, source, destination);
            context.AddOrUpdatePayload(() => new Weighed(verdict, conclusion), _ => new Weighed(verdict, conclusion));

            // What is looked at again and again is written down when it changes.
            if (conclusion is not (Drover.Policy.Verdicts.Conclusion.WaitForTransfer or Drover.Policy.Verdicts.Conclusion.LookAgain) && saga.StateReason != verdict.Reason)
                ledger.Journal(saga, "verdict", conclusion.ToString(), verdict.Reason, new { saga.SourceSighting, saga.DestinationSighting, saga.SourceDown, saga.DestinationDown, saga.TransferOver, saga.CancelAsked });
        });

        public EventActivityBinder<MigrationSaga, T> AnnounceDoubt() => binder.ThenAsync(async context =>
        {
            var (saga, verdict) = (context.Saga, context.GetPayload<Weighed>().Verdict);
            saga.CheckAt = context.Now() + Patience.Ask;
            if (verdict is Verdict.TwoCopies && saga.StateReason != verdict.Reason)
                Coordinator.Log.TwoCopiesRun(context.Log(), saga.CorrelationId, saga.Guest, saga.Source, saga.Destination);
            await context.BeUnsure(verdict.Reason);
        });

        /// <summary>Doubt that no verdict told of: an order came back, a host knows more than the database.</summary>
        public EventActivityBinder<MigrationSaga, T> Doubt(Func<T, string> reason) => binder.ThenAsync(context => context.BeUnsure(reason(context.Message)));

        /// <summary>Looks whether an operator has confirmed a host down; only where an answer is missing.</summary>
        public EventActivityBinder<MigrationSaga, T> LookForAttestations() => binder.ThenAsync(async context =>
        {
            if (context.Saga is { SourceSighting: not null, DestinationSighting: not null })
                return;
            (context.Saga.SourceDown, context.Saga.DestinationDown) = await context.Ledger().Attestations(context.Saga, context.CancellationToken);
        });

        /// <summary>A host's own mark tells that this attempt was ordered, by a memory that is lost: from here on only evidence ends it, and orders go on above the mark.</summary>
        public EventActivityBinder<MigrationSaga, T> Adopt(Func<T, GuestSighting> sighting) => binder.Then(context =>
        {
            var (saga, seen) = (context.Saga, sighting(context.Message));
            if (seen.MarkMigrationId != saga.CorrelationId || seen.MarkAttempt != saga.Attempt)
                return;
            saga.TransferOrdered = true;
            saga.TakeEpochOf(seen);
            context.Ledger().Journal(saga, "adopt", "ask both hosts", "the guest carries this attempt's mark: it was ordered before, and this database does not know of it", seen);
        });
    }

    extension(EventActivityBinder<MigrationSaga, OrderReturned> binder)
    {
        /// <summary>The host's own saga makes it an event, once.</summary>
        public EventActivityBinder<MigrationSaga, OrderReturned> TellOfReturn() => binder.ThenAsync(context => context.SendTo(
            Queues.Hosts,
            new NoticeUnreachable { Host = context.Message.Host, MigrationId = context.Saga.CorrelationId, Order = context.Message.Order, Reason = context.Message.Reason },
            context.CancellationToken));
    }

    extension(EventActivityBinder<MigrationSaga, RequestResolution> binder)
    {
        /// <summary>Kept until both hosts have been asked once more; refused at once where the words do not fit.</summary>
        public EventActivityBinder<MigrationSaga, RequestResolution> RememberResolution() => binder.ThenAsync(async context =>
        {
            var (saga, request) = (context.Saga, context.Message);
            var misfit = Statement.Read(request.Statement) is { } statement
                ? statement.Misfit(Outcome(request), saga.Guest, saga.GuestUuid, saga.Source, saga.Destination)
                : "the statement is one sentence, \"GUEST runs on HOST\" or \"GUEST runs nowhere\"";
            context.Ledger().Journal(saga, "resolve", misfit is null ? "ask both hosts" : "refuse", misfit ?? $"{request.RequestedBy} states: {request.Statement}", request);
            if (misfit is null)
                saga.Resolution = JsonSerializer.Serialize(request, ContractsJson.Tolerant);
            else
                await context.Reject("resolve-migration", RejectionCode.StatementMisfits, request.CommandMessageId, $"Not resolved: {misfit}.");
        });

        public EventActivityBinder<MigrationSaga, RequestResolution> SayThatItIsNotUnsure() => binder.ThenAsync(context => context.Reject(
            "resolve-migration",
            context.Saga.EndedAt is null ? RejectionCode.NotUnsure : RejectionCode.AlreadyEnded,
            context.Message.CommandMessageId,
            $"Migration {context.Saga.CorrelationId} is {context.Saga.CurrentState}, not unsure: there is nothing to resolve."));
    }

    extension<T>(BehaviorContext<MigrationSaga, T> context)
        where T : class
    {
        // Its agent said so; or the host is fenced; or the guest carries a newer mark of another migration, under which this attempt's orders are refused.
        private bool TransferIsOver(Testimony source) => context.Saga.TransferOver || source switch
        {
            Testimony.ConfirmedDown => true,
            Testimony.Present { State.Mark: { } mark } => mark.MigrationId != context.Saga.CorrelationId && mark.Epoch > context.Saga.Epoch,
            _ => false,
        };

        private async Task BeUnsure(string reason)
        {
            var saga = context.Saga;
            if (saga.CurrentState == nameof(MigrationStateMachine.Unsure) && saga.StateReason == reason)
                return;
            saga.StateReason = reason;
            await context.Ledger().Announce(context, saga, new MigrationUnsure { Reason = reason });
        }

        /// <summary>The operator's word counts where the evidence leaves doubt, and nobody who answers contradicts it. It is weighed once.</summary>
        private async Task<(Verdict, Conclusion)> WeighResolution(Verdict verdict, Conclusion conclusion, Testimony source, Testimony destination)
        {
            var saga = context.Saga;
            var request = JsonSerializer.Deserialize<RequestResolution>(saga.Resolution!, ContractsJson.Tolerant)!;
            saga.Resolution = null;
            var (code, refusal) = conclusion != Drover.Policy.Verdicts.Conclusion.Doubt
                ? (RejectionCode.NotUnsure, $"the evidence decides: {verdict.Reason}")
                : (RejectionCode.StatementContradicted, Statement.Read(request.Statement)!.Contradiction(saga.Source, source, saga.Destination, destination));
            if (refusal is not null)
            {
                context.Ledger().Journal(saga, "resolve", "refuse", refusal, request);
                await context.Reject("resolve-migration", code, request.CommandMessageId, $"Not resolved: {refusal}.");
                return (verdict, conclusion);
            }

            // A source that does not answer may still have an order lying in its queue: it must not find it when it comes back.
            if (!context.TransferIsOver(source))
                await context.SendTo(Queues.Hosts, new RaiseFloor { Host = saga.Source }, context.CancellationToken);
            var resolved = new Verdict.Resolved(Outcome(request), $"{request.RequestedBy} states that {request.Statement.Trim().TrimEnd('.')} ({request.Reason}); {verdict.Reason}");
            return (resolved, Conclusions.Draw(resolved, transferOver: true, saga.CancelAsked));
        }
    }

    extension(MigrationSaga saga)
    {
        /// <summary>This migration's own mark may have seen more than a restored database knows; another migration's newer mark is obeyed, not outbid.</summary>
        public void TakeEpochOf(GuestSighting seen)
        {
            if (seen.MarkMigrationId == saga.CorrelationId && seen.MarkEpoch is { } epoch)
                saga.Epoch = Math.Max(saga.Epoch, epoch);
        }
    }

    private static Outcome Outcome(RequestResolution request) => request.Outcome switch
    {
        ResolvedOutcome.Completed => Drover.Policy.Verdicts.Outcome.Completed,
        ResolvedOutcome.Cancelled => Drover.Policy.Verdicts.Outcome.Cancelled,
        ResolvedOutcome.Failed => Drover.Policy.Verdicts.Outcome.Failed,
    };
}
