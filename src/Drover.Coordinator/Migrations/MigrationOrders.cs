using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Drover.Coordinator.Admission;
using Drover.Policy.Model;
using Drover.Store.Migrations;
using MassTransit;

namespace Drover.Coordinator.Migrations;

/// <summary>The verbs that go out: orders and questions to hosts, and the knock at admission. Each is idempotent and is given again when its time is over.</summary>
internal static class MigrationOrders
{
    extension<T>(EventActivityBinder<MigrationSaga, T> binder)
        where T : class
    {
        public EventActivityBinder<MigrationSaga, T> KnockAtAdmission() => binder.ThenAsync(async context =>
        {
            context.Saga.CheckAt = context.Now() + Patience.Queue;
            await context.Ledger().KeepPlaceInQueue(context, context.Saga);
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

        public EventActivityBinder<MigrationSaga, T> OrderAbort() => binder.ThenAsync(context =>
        {
            // A newer epoch: whatever older order still lies somewhere is refused from here on.
            context.Saga.Epoch++;
            return context.OrderAbortNow();
        });

        public EventActivityBinder<MigrationSaga, T> RepeatAbort() => binder.ThenAsync(context => context.OrderAbortNow());

        /// <summary>A source whose libvirt died between "confirmed" and "undefined" keeps a definition of what has moved away; both hosts have said so.</summary>
        public EventActivityBinder<MigrationSaga, T> ForgetAtSource() => binder.ThenAsync(async context =>
        {
            var saga = context.Saga;
            if (saga.PersistentGuest && MigrationEvidence.Testify(saga.SourceSighting) is Testimony.Present { State.Power: GuestPower.ShutOff })
            {
                var order = new ForgetGuest { MigrationId = saga.CorrelationId, Attempt = saga.Attempt, Epoch = saga.Epoch, GuestUuid = saga.GuestUuid };
                await context.Order(saga.Source, order, context.CancellationToken);
            }
        });

        public EventActivityBinder<MigrationSaga, T> AskWhereTheGuestIs() => binder.ThenAsync(async context =>
        {
            var saga = context.Saga;
            // Asked again because nobody has answered yet, it stays the same question: a late answer is an answer. (With a number of its own for each time, a queue that
            // is behind by more than Patience.Ask makes every answer stale when it comes, and each asks for two more.) Once one host has answered, the other must be
            // asked anew: their words are weighed together.
            if (context.Message is not CheckOn || saga.AskedAt is null || saga.SourceSighting is not null || saga.DestinationSighting is not null)
            {
                saga.Question++;
                (saga.SourceSighting, saga.DestinationSighting) = (null, null);
            }

            // A question that follows an unanswered one keeps its age, or silence would never grow old.
            saga.AskedAt = saga.AskedAt is { } asked && context.Now() - asked < Patience.Answer ? asked : context.Now();
            saga.CheckAt = context.Now() + Patience.Ask;
            var question = new ReportGuest { MigrationId = saga.CorrelationId, GuestUuid = saga.GuestUuid, Question = saga.Question };
            await context.Order(saga.Source, question, context.CancellationToken);
            await context.Order(saga.Destination, question, context.CancellationToken);
        });
    }

    extension<T>(BehaviorContext<MigrationSaga, T> context)
        where T : class
    {
        public async Task OrderChecks()
        {
            var saga = context.Saga;
            saga.CheckAt = context.Now() + Patience.Prepare;
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

        public async Task OrderBegin()
        {
            var (saga, plan) = (context.Saga, context.Plan());
            saga.CheckAt = context.Now() + Patience.Prepare;
            await context.Order(
                saga.Source,
                new BeginTransfer
                {
                    MigrationId = saga.CorrelationId,
                    Attempt = saga.Attempt,
                    Epoch = saga.Epoch,
                    GuestUuid = saga.GuestUuid,
                    HostFloor = await context.Ledger().FloorOf(saga.Source, context.CancellationToken),
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

        public async Task OrderAbortNow()
        {
            var saga = context.Saga;
            saga.StateReason = "an abort is ordered";
            saga.CheckAt = context.Now() + Patience.Ask;
            await context.Order(
                saga.Source,
                new AbortTransfer { MigrationId = saga.CorrelationId, Attempt = saga.Attempt, Epoch = saga.Epoch, GuestUuid = saga.GuestUuid },
                context.CancellationToken);
        }
    }
}
