using System.Text.Json;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Agents;
using Drover.Contracts.Commands;
using Drover.Contracts.Migrations;
using Drover.Coordinator.Admission;
using Drover.Policy.Tuning;
using Drover.Store.Migrations;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Drover.Coordinator.Migrations;

/// <summary>The verbs of the migration's table: what is remembered of each message, and what is announced.</summary>
internal static class MigrationVerbs
{
    extension(SagaConsumeContext<MigrationSaga> context)
    {
        public MigrationLedger Ledger() => context.GetPayload<IServiceProvider>().GetRequiredService<MigrationLedger>();

        public DateTimeOffset Now() => context.Ledger().Now;

        /// <summary>The logger of what an operator must know at once.</summary>
        public ILogger Notification() => context.GetPayload<IServiceProvider>().GetRequiredService<ILoggerFactory>().CreateLogger("Drover.Notification");

        public ILogger Log() => context.GetPayload<IServiceProvider>().GetRequiredService<ILogger<MigrationStateMachine>>();
    }

    extension(EventActivityBinder<MigrationSaga, RequestMigration> binder)
    {
        public EventActivityBinder<MigrationSaga, RequestMigration> RefuseIfTheGuestIsBusy() => binder.ThenAsync(async context =>
        {
            var request = context.Message;
            if (await context.Ledger().TombstoneOf(request.MigrationId, context.CancellationToken) is { } digest)
            {
                context.Saga.Refused = true;
                if (digest != request.BodyDigest)
                    await context.Reject("migrate-guest", RejectionCode.IdReused, request.CommandMessageId, Rejections.IdReused(request.MigrationId));
                return;
            }

            if (await context.Ledger().UnfinishedMigrationOf(request.GuestUuid, request.MigrationId, context.CancellationToken) is not { } other)
                return;
            context.Saga.Refused = true;
            await context.Reject("migrate-guest", RejectionCode.GuestBusy, request.CommandMessageId,
                $"Guest {request.Guest} is in migration {other}, which has not ended: wait for its end, or cancel it.");
        });

        public EventActivityBinder<MigrationSaga, RequestMigration> Accept() => binder.ThenAsync(async context =>
        {
            var (saga, request, ledger) = (context.Saga, context.Message, context.Ledger());
            saga.BodyDigest = request.BodyDigest;
            saga.Guest = request.Guest;
            saga.GuestUuid = request.GuestUuid;
            saga.GuestMemoryBytes = request.GuestMemoryBytes;
            saga.Source = request.Source;
            saga.Destination = request.Destination;
            saga.Priority = request.Priority;
            saga.RequestedBy = request.RequestedBy;
            saga.RequestReason = request.Reason;
            saga.Tenant = request.Tenant;
            saga.OperatorOnly = request.OperatorOnly;
            saga.MaxDowntime = request.MaxDowntime;
            saga.BandwidthBytesPerSecond = request.BandwidthBytesPerSecond;
            saga.Attempt = 1;

            // Epochs grow per guest, over its migrations: rows know what inventory has not heard yet, and marks know what a restored database has forgotten.
            saga.Epoch = Math.Max(request.MarkEpoch, await ledger.HighestEpochOf(request.GuestUuid, context.CancellationToken));
            saga.RequestedAt = ledger.Now;
            saga.NotBefore = request.NotBefore;
            saga.Deadline = request.Deadline;
            saga.OnDeadline = request.OnDeadline;
            await ledger.Announce(context, saga, new MigrationRequested
            {
                Priority = saga.Priority,
                RequestedBy = saga.RequestedBy,
                Reason = saga.RequestReason,
                NotBefore = saga.NotBefore,
                Deadline = saga.Deadline,
                OnDeadline = saga.OnDeadline,
            });
        });

        public EventActivityBinder<MigrationSaga, RequestMigration> CompareWithFirst() => binder.ThenAsync(async context =>
        {
            if (context.Message.BodyDigest != context.Saga.BodyDigest)
                await context.Reject("migrate-guest", RejectionCode.IdReused, context.Message.CommandMessageId, Rejections.IdReused(context.Saga.CorrelationId));
        });
    }

    extension(EventActivityBinder<MigrationSaga, RequestCancel> binder)
    {
        public EventActivityBinder<MigrationSaga, RequestCancel> RememberCancel() => binder.Then(context =>
        {
            context.Saga.CancelAsked = true;
            context.Saga.CancelRequestedBy = context.Message.RequestedBy;
            context.Saga.CancelReason = context.Message.Reason;
            context.Ledger().Journal(context.Saga, "cancel", "cancel", $"asked by {context.Message.RequestedBy ?? "somebody"} in state {context.Saga.CurrentState}", context.Message);
        });

        public EventActivityBinder<MigrationSaga, RequestCancel> LeaveTheQueue() => binder.ThenAsync(async context =>
            context.Saga.LeftTheQueue = await context.Ledger().LeaveQueue(context.Saga, context.CancellationToken));

        public EventActivityBinder<MigrationSaga, RequestCancel> SayThatItHasEnded() => binder.ThenAsync(context => context.Message.ByDeadline
            ? Task.CompletedTask
            : context.Reject("cancel-migration", RejectionCode.AlreadyEnded, context.Message.CommandMessageId, Rejections.AlreadyEnded(context.Saga)));
    }

    extension(EventActivityBinder<MigrationSaga, MigrationBlocked> binder)
    {
        public EventActivityBinder<MigrationSaga, MigrationBlocked> SayWhatBlocks() => binder.ThenAsync(async context =>
        {
            context.Saga.StateReason = context.Message.Reason;
            await context.Ledger().Announce(context, context.Saga, new MigrationQueued { BlockedBy = context.Message.Lane, Reason = context.Message.Reason });
        });
    }

    extension(EventActivityBinder<MigrationSaga, MigrationGranted> binder)
    {
        public EventActivityBinder<MigrationSaga, MigrationGranted> AskBothHostsToPrepare() => binder.ThenAsync(async context =>
        {
            var (saga, ledger) = (context.Saga, context.Ledger());
            saga.Epoch++;
            saga.StateReason = "both hosts check";
            ledger.Journal(saga, "admission", "admit", context.Message.Reason, context.Message);
            await ledger.Announce(context, saga, new MigrationAdmitted { Lanes = context.Message.Lanes, Reason = context.Message.Reason });
            await context.OrderChecks();
        });
    }

    extension(EventActivityBinder<MigrationSaga, SourceChecked> binder)
    {
        public EventActivityBinder<MigrationSaga, SourceChecked> RememberSource() => binder.Then(context =>
        {
            context.Saga.SourceReady = true;
            context.Saga.PersistentGuest = context.Message.Persistent;
        });
    }

    extension(EventActivityBinder<MigrationSaga, DestinationChecked> binder)
    {
        public EventActivityBinder<MigrationSaga, DestinationChecked> RememberDestination() => binder.Then(context =>
        {
            context.Saga.PeerUri = context.Message.PeerUri;
            context.Saga.MigrateUri = context.Message.MigrateUri;
        });
    }

    extension(EventActivityBinder<MigrationSaga, TransferEnded> binder)
    {
        public EventActivityBinder<MigrationSaga, TransferEnded> RememberEnd() => binder.Then(context =>
        {
            var (saga, end) = (context.Saga, context.Message);
            saga.TransferOver = true;
            saga.Epoch = Math.Max(saga.Epoch, end.Epoch);
            saga.TransferError ??= end.Error;
            saga.Downtime = end.Downtime ?? saga.Downtime;
            saga.TransferredBytes = end.TransferredBytes ?? saga.TransferredBytes;
            saga.Passes = end.Passes ?? saga.Passes;
        });
    }

    extension(EventActivityBinder<MigrationSaga, GuestReported> binder)
    {
        public EventActivityBinder<MigrationSaga, GuestReported> RememberSighting() => binder.Then(context =>
        {
            var (saga, report) = (context.Saga, context.Message);
            if (report.Question != saga.Question)
                return;
            saga.TakeEpochOf(report.Sighting);
            var sighting = JsonSerializer.Serialize(report.Sighting, ContractsJson.Tolerant);
            if (report.Host == saga.Source)
                saga.SourceSighting = sighting;
            else if (report.Host == saga.Destination)
                saga.DestinationSighting = sighting;
        });
    }

    extension<T>(EventActivityBinder<MigrationSaga, T> binder)
        where T : class
    {
        public EventActivityBinder<MigrationSaga, T> AnnounceStart() => binder.ThenAsync(async context =>
        {
            var saga = context.Saga;
            saga.StartedAt = context.Now();
            saga.CheckAt = context.Now() + Patience.Look;
            saga.StateReason = "memory moves";
            var plan = context.Plan();
            await context.Ledger().Announce(context, saga, new MigrationStarted
            {
                InitialDowntime = plan.InitialDowntime,
                MaxDowntime = plan.MaxDowntime,
                BandwidthBytesPerSecond = plan.BandwidthBytesPerSecond,
                Reason = plan.Reason,
            });
        });
    }

    extension<T>(BehaviorContext<MigrationSaga, T> context)
        where T : class
    {
        public StartingPlan Plan() => StartingPlan.For(context.Saga.MaxDowntime, context.Saga.BandwidthBytesPerSecond);

        public Task Reject(string command, RejectionCode code, string? commandMessageId, string message) =>
            context.Ledger().Reject(context, command, code, message, context.Saga.CorrelationId, commandMessageId);
    }
}
