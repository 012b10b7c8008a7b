using System.Text.Json;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Agents;
using Drover.Contracts.Commands;
using Drover.Contracts.Migrations;
using Drover.Coordinator.Admission;
using Drover.Policy.Tuning;
using Drover.Policy.Verdicts;
using Drover.Store.Migrations;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Drover.Coordinator.Migrations;

/// <summary>The verbs of the migration's table: orders and questions to hosts, and what is remembered of their answers.</summary>
internal static class MigrationVerbs
{
    // How long a state waits before its order or question is given again.
    private static readonly TimeSpan QueueAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PrepareAgain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAgainAtTheEnd = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    extension(SagaConsumeContext<MigrationSaga> context)
    {
        public MigrationLedger Ledger() => context.GetPayload<IServiceProvider>().GetRequiredService<MigrationLedger>();

        public DateTimeOffset Now() => context.Ledger().Now;

        public Conclusion Conclusion() => context.GetPayload<Weighed>().Conclusion;

        public ILogger Log() => context.GetPayload<IServiceProvider>().GetRequiredService<ILogger<MigrationStateMachine>>();
    }

    private sealed record Weighed(Verdict Verdict, Conclusion Conclusion);

    extension(EventActivityBinder<MigrationSaga, RequestMigration> binder)
    {
        public EventActivityBinder<MigrationSaga, RequestMigration> RefuseIfTheGuestIsBusy() => binder.ThenAsync(async context =>
        {
            var request = context.Message;
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
            saga.RequestedAt = ledger.Now;
            saga.CheckAt = ledger.Now + QueueAgain;
            saga.StateReason = "waits for admission";
            await ledger.Announce(context, saga, new MigrationRequested { Priority = saga.Priority, RequestedBy = saga.RequestedBy, Reason = saga.RequestReason });
            ledger.Enqueue(saga);
            await context.SendTo(Queues.Admission, new LaneChanged { Lane = LaneNames.Out(saga.Source) }, context.CancellationToken);
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

        public EventActivityBinder<MigrationSaga, RequestCancel> SayThatItHasEnded() => binder.ThenAsync(context =>
            context.Reject("cancel-migration", RejectionCode.AlreadyEnded, context.Message.CommandMessageId, Rejections.AlreadyEnded(context.Saga)));
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
        public EventActivityBinder<MigrationSaga, T> KnockAtAdmission() => binder.ThenAsync(async context =>
        {
            context.Saga.CheckAt = context.Now() + QueueAgain;
            await context.SendTo(Queues.Admission, new LaneChanged { Lane = LaneNames.Out(context.Saga.Source) }, context.CancellationToken);
        });

        public EventActivityBinder<MigrationSaga, T> OrderTransfer() => binder.ThenAsync(async context =>
        {
            var saga = context.Saga;
            saga.Epoch++;
            saga.TransferOrdered = true;
            saga.StateReason = "the transfer is ordered";
            var plan = context.Plan();
            context.Ledger().Journal(saga, "plan", "begin transfer", plan.Reason, plan);
            await context.OrderBegin();
        });

        public EventActivityBinder<MigrationSaga, T> RepeatPreparation() => binder.ThenAsync(context =>
            context.Saga.TransferOrdered ? context.OrderBegin() : context.OrderChecks());

        public EventActivityBinder<MigrationSaga, T> AnnounceStart() => binder.ThenAsync(async context =>
        {
            var saga = context.Saga;
            saga.StartedAt = context.Now();
            saga.CheckAt = context.Now() + LookAgain;
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

        public EventActivityBinder<MigrationSaga, T> OrderAbort() => binder.ThenAsync(context =>
        {
            // A newer epoch: whatever older order still lies somewhere is refused from here on.
            context.Saga.Epoch++;
            return context.OrderAbortNow();
        });

        public EventActivityBinder<MigrationSaga, T> RepeatAbort() => binder.ThenAsync(context => context.OrderAbortNow());

        public EventActivityBinder<MigrationSaga, T> AskWhereTheGuestIs() => binder.ThenAsync(async context =>
        {
            var saga = context.Saga;
            saga.Question++;
            (saga.SourceSighting, saga.DestinationSighting) = (null, null);

            // A question that follows an unanswered one keeps its age, or silence would never grow old.
            saga.AskedAt = saga.AskedAt is { } asked && context.Now() - asked < MigrationStateMachine.AnswerPatience ? asked : context.Now();
            saga.CheckAt = context.Now() + AskAgain;
            var question = new ReportGuest { MigrationId = saga.CorrelationId, GuestUuid = saga.GuestUuid, Question = saga.Question };
            await context.Order(saga.Source, question, context.CancellationToken);
            await context.Order(saga.Destination, question, context.CancellationToken);
        });

        public EventActivityBinder<MigrationSaga, T> LookAgainSoon() => binder.Then(context =>
        {
            context.Saga.AskedAt = null;
            context.Saga.StateReason = context.GetPayload<Weighed>().Verdict.Reason;
            context.Saga.CheckAt = context.Now() + (context.Saga.TransferOver ? LookAgainAtTheEnd : LookAgain);
        });

        public EventActivityBinder<MigrationSaga, T> Weigh() => binder.Then(context =>
        {
            var saga = context.Saga;
            var (source, destination) = (context.Testimony(saga.SourceSighting), context.Testimony(saga.DestinationSighting));
            var verdict = TruthTable.Decide(source, destination, saga.CorrelationId, saga.Attempt);
            var conclusion = Conclusions.Draw(verdict, saga.TransferOver, saga.CancelAsked);
            context.AddOrUpdatePayload(() => new Weighed(verdict, conclusion), _ => new Weighed(verdict, conclusion));
            if (conclusion != Drover.Policy.Verdicts.Conclusion.WaitForTransfer)
                context.Ledger().Journal(saga, "verdict", conclusion.ToString(), verdict.Reason, new { saga.SourceSighting, saga.DestinationSighting, saga.TransferOver, saga.CancelAsked });
        });

        public EventActivityBinder<MigrationSaga, T> AnnounceDoubt() => binder.ThenAsync(async context =>
        {
            var (saga, verdict) = (context.Saga, context.GetPayload<Weighed>().Verdict);
            if (verdict is Verdict.TwoCopies)
                Coordinator.Log.TwoCopiesRun(context.Log(), saga.CorrelationId, saga.Guest, saga.Source, saga.Destination);
            saga.CheckAt = context.Now() + AskAgain;
            if (saga.CurrentState == "Unsure" && saga.StateReason == verdict.Reason)
                return;
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

        public EventActivityBinder<MigrationSaga, T> EndCancelled(string? reason = null) => binder.ThenAsync(context =>
            context.End(reason ?? context.GetPayload<Weighed>().Verdict.Reason, why => new MigrationCancelled { RequestedBy = context.Saga.CancelRequestedBy, Reason = why }));

        public EventActivityBinder<MigrationSaga, T> EndFailed(FailureCode code, Func<T, string>? reason = null) => binder.ThenAsync(context =>
            context.End(reason?.Invoke(context.Message) ?? context.FailureInWords(), why => new MigrationFailed { Code = code, Reason = why }));
    }

    extension<T>(BehaviorContext<MigrationSaga, T> context)
        where T : class
    {
        private StartingPlan Plan() => StartingPlan.For(context.Saga.MaxDowntime, context.Saga.BandwidthBytesPerSecond);

        private Drover.Policy.Model.Testimony Testimony(string? sighting) =>
            Translate.ToTestimony(sighting is null ? null : JsonSerializer.Deserialize<GuestSighting>(sighting, ContractsJson.Tolerant));

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

        private Task Reject(string command, RejectionCode code, string? commandMessageId, string message) => context.Ledger().Reject(context, new CommandRejected
        {
            EventId = Guid.CreateVersion7(),
            OccurredAt = context.Now(),
            Command = command,
            Code = code,
            Message = message,
            MigrationId = context.Saga.CorrelationId,
            CommandMessageId = commandMessageId,
        });

        private async Task OrderChecks()
        {
            var saga = context.Saga;
            saga.CheckAt = context.Now() + PrepareAgain;
            await context.Order(
                saga.Source,
                new CheckSource { MigrationId = saga.CorrelationId, Attempt = saga.Attempt, Epoch = saga.Epoch, GuestUuid = saga.GuestUuid },
                context.CancellationToken);
            await context.Order(
                saga.Destination,
                new CheckDestination
                {
                    MigrationId = saga.CorrelationId,
                    Attempt = saga.Attempt,
                    Epoch = saga.Epoch,
                    GuestUuid = saga.GuestUuid,
                    Guest = saga.Guest,
                    MemoryBytes = saga.GuestMemoryBytes,
                },
                context.CancellationToken);
        }

        private async Task OrderBegin()
        {
            var (saga, plan) = (context.Saga, context.Plan());
            saga.CheckAt = context.Now() + PrepareAgain;
            await context.Order(
                saga.Source,
                new BeginTransfer
                {
                    MigrationId = saga.CorrelationId,
                    Attempt = saga.Attempt,
                    Epoch = saga.Epoch,
                    GuestUuid = saga.GuestUuid,
                    Guest = saga.Guest,
                    Source = saga.Source,
                    Destination = saga.Destination,
                    PeerUri = saga.PeerUri!,
                    MigrateUri = saga.MigrateUri,
                    InitialDowntime = plan.InitialDowntime,
                    MaxDowntime = plan.MaxDowntime,
                    BandwidthBytesPerSecond = plan.BandwidthBytesPerSecond,
                    Persistent = saga.PersistentGuest,
                    AfterSequence = saga.Sequence,
                    Tenant = saga.Tenant,
                    Visibility = saga.OperatorOnly ? Visibility.Operator : Visibility.Tenant,
                },
                context.CancellationToken);
        }

        private async Task OrderAbortNow()
        {
            var saga = context.Saga;
            saga.StateReason = "an abort is ordered";
            saga.CheckAt = context.Now() + AskAgain;
            await context.Order(
                saga.Source,
                new AbortTransfer { MigrationId = saga.CorrelationId, Attempt = saga.Attempt, Epoch = saga.Epoch, GuestUuid = saga.GuestUuid },
                context.CancellationToken);
        }
    }
}
