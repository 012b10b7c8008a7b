using Drover.Contracts.Migrations;
using Drover.Policy.Model;
using Drover.Policy.Verdicts;
using Drover.Store.Migrations;
using MassTransit;

namespace Drover.Coordinator.Migrations;

/// <summary>The verbs that end a migration, or let it go on.</summary>
internal static class MigrationEnds
{
    extension<T>(EventActivityBinder<MigrationSaga, T> binder)
        where T : class
    {
        public EventActivityBinder<MigrationSaga, T> LookAgainSoon() => binder.Then(context =>
        {
            context.Saga.AskedAt = null;
            context.Saga.StateReason = context.GetPayload<Weighed>().Verdict.Reason;
            context.Saga.CheckAt = context.Now() + (context.Saga.TransferOver ? Patience.LookAtTheEnd : Patience.Look);
        });

        public EventActivityBinder<MigrationSaga, T> EndCompleted() => binder.ThenAsync(async context =>
        {
            var saga = context.Saga;
            await context.Ledger().MoveInInventory(saga, context.CancellationToken);
            await context.Ledger().RecordPlace(saga, context.CancellationToken);
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
            if (MigrationEvidence.Testify(context.Saga.DestinationSighting) is Testimony.Absent)
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
            await context.Disarm(saga, context.CancellationToken);
            await ledger.Announce(context, saga, end(reason));
            await ledger.ReleaseSlots(context, saga);
        }
    }
}
