using System.Text.Json;
using Drover.Contracts;
using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Drover.Policy.Model;
using Drover.Policy.Verdicts;
using Drover.Store.Migrations;
using MassTransit;

namespace Drover.Coordinator.Migrations;

/// <summary>The verbs that weigh evidence and end a migration.</summary>
internal static class MigrationEnds
{
    extension(SagaConsumeContext<MigrationSaga> context)
    {
        public Conclusion Conclusion() => context.GetPayload<Weighed>().Conclusion;
    }

    extension<T>(EventActivityBinder<MigrationSaga, T> binder)
        where T : class
    {
        public EventActivityBinder<MigrationSaga, T> Weigh() => binder.Then(context =>
        {
            var saga = context.Saga;
            var (source, destination) = (Testify(saga.SourceSighting), Testify(saga.DestinationSighting));
            var verdict = TruthTable.Decide(source, destination, new Elsewhere.Nowhere(), saga.CorrelationId, saga.Attempt);
            var conclusion = Conclusions.Draw(verdict, saga.TransferOver, saga.CancelAsked);
            context.AddOrUpdatePayload(() => new Weighed(verdict, conclusion), _ => new Weighed(verdict, conclusion));

            // What is looked at again and again is written down when it changes.
            if (conclusion is not Drover.Policy.Verdicts.Conclusion.WaitForTransfer && saga.StateReason != verdict.Reason)
                context.Ledger().Journal(saga, "verdict", conclusion.ToString(), verdict.Reason, new { saga.SourceSighting, saga.DestinationSighting, saga.TransferOver, saga.CancelAsked });
        });

        public EventActivityBinder<MigrationSaga, T> LookAgainSoon() => binder.Then(context =>
        {
            context.Saga.AskedAt = null;
            context.Saga.StateReason = context.GetPayload<Weighed>().Verdict.Reason;
            context.Saga.CheckAt = context.Now() + (context.Saga.TransferOver ? Patience.LookAtTheEnd : Patience.Look);
        });

        public EventActivityBinder<MigrationSaga, T> AnnounceDoubt() => binder.ThenAsync(async context =>
        {
            var (saga, verdict) = (context.Saga, context.GetPayload<Weighed>().Verdict);
            saga.CheckAt = context.Now() + Patience.Ask;
            if (saga.CurrentState == nameof(MigrationStateMachine.Unsure) && saga.StateReason == verdict.Reason)
                return;
            if (verdict is Verdict.TwoCopies)
                Coordinator.Log.TwoCopiesRun(context.Log(), saga.CorrelationId, saga.Guest, saga.Source, saga.Destination);
            saga.StateReason = verdict.Reason;
            await context.Ledger().Announce(context, saga, new MigrationUnsure { Reason = verdict.Reason });
        });

        public EventActivityBinder<MigrationSaga, T> EndCompleted() => binder.ThenAsync(async context =>
        {
            var saga = context.Saga;
            await context.Ledger().MoveInInventory(saga, context.CancellationToken);
            await context.End(context.GetPayload<Weighed>().Verdict.Reason, reason => new MigrationCompleted
            {
                Duration = context.Now() - saga.RequestedAt,
                Downtime = saga.Downtime,
                TransferredBytes = saga.TransferredBytes,
                Passes = saga.Passes,
                Reason = reason,
            });
        });

        public EventActivityBinder<MigrationSaga, T> ForgetTheCopy() => binder.ThenAsync(async context =>
        {
            if (Testify(context.Saga.DestinationSighting) is Testimony.Absent)
                await context.Ledger().ForgetAtDestination(context.Saga, context.CancellationToken);
        });

        public EventActivityBinder<MigrationSaga, T> EndCancelled(string? reason = null) => binder.ThenAsync(context =>
            context.End(reason ?? context.GetPayload<Weighed>().Verdict.Reason, why => new MigrationCancelled { RequestedBy = context.Saga.CancelRequestedBy, Reason = why }));

        public EventActivityBinder<MigrationSaga, T> EndFailed(FailureCode code, Func<T, string>? reason = null) => binder.ThenAsync(context =>
            context.End(reason?.Invoke(context.Message) ?? context.FailureInWords(), why => new MigrationFailed { Code = code, Reason = why }));
    }

    extension<T>(BehaviorContext<MigrationSaga, T> context)
        where T : class
    {
        private string FailureInWords() => context.Saga.TransferError is { } error
            ? $"{context.GetPayload<Weighed>().Verdict.Reason}; libvirt said: {error}"
            : context.GetPayload<Weighed>().Verdict.Reason;

        private async Task End<TEvent>(string reason, Func<string, TEvent> end)
            where TEvent : MigrationStep
        {
            var (saga, ledger) = (context.Saga, context.Ledger());
            saga.EndedAt = ledger.Now;
            saga.CheckAt = null;
            saga.StateReason = reason;
            await ledger.Announce(context, saga, end(reason));
            await ledger.ReleaseSlots(context, saga);
        }
    }

    private static Testimony Testify(string? sighting) =>
        Translate.ToTestimony(sighting is null ? null : JsonSerializer.Deserialize<GuestSighting>(sighting, ContractsJson.Tolerant));

    private sealed record Weighed(Verdict Verdict, Conclusion Conclusion);
}
