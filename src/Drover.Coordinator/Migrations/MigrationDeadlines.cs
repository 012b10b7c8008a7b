using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Drover.Coordinator.Admission;
using Drover.Policy.Deadlines;
using Drover.Policy.Tuning;
using Drover.Store.Migrations;
using MassTransit;

namespace Drover.Coordinator.Migrations;

/// <summary>The verbs of a migration's own times: when it may begin, when it should have ended, and what is done when it has not.</summary>
internal static class MigrationDeadlines
{
    /// <summary>Who asks for a cancel that the deadline asks for.</summary>
    public const string Deadline = "deadline";

    extension<T>(EventActivityBinder<MigrationSaga, T> binder)
        where T : class
    {
        public EventActivityBinder<MigrationSaga, T> EnterTheQueue() => binder.ThenAsync(async context =>
        {
            context.Saga.NotBeforeToken = null;
            context.Saga.StateReason = "waits for admission";
            context.Saga.CheckAt = context.Now() + Patience.Queue;
            context.Ledger().Enqueue(context.Saga);
            await context.Knock();
        });

        public EventActivityBinder<MigrationSaga, T> ArmNotBefore() => binder.ThenAsync(context =>
        {
            var saga = context.Saga;
            saga.NotBeforeToken ??= context.Ledger().NewId();
            saga.StateReason = $"waits for its time: not before {saga.NotBefore:yyyy-MM-dd HH:mm:ss}Z";
            saga.CheckAt = saga.NotBefore + Patience.Start;
            return context.ArmNotBefore(saga, context.CancellationToken);
        });

        public EventActivityBinder<MigrationSaga, T> ArmDeadline() => binder.ThenAsync(context =>
        {
            if (context.Saga.Deadline is null)
                return Task.CompletedTask;
            context.Saga.DeadlineToken = context.Ledger().NewId();
            return context.ArmDeadline(context.Saga, context.CancellationToken);
        });

        public EventActivityBinder<MigrationSaga, T> AnnounceForce() => binder.ThenAsync(context =>
            context.AnnounceForce($"its deadline ({context.Saga.Deadline:HH:mm:ss}Z) was missed before it moved; its pause is not limited"));

        public EventActivityBinder<MigrationSaga, T> OrderForce() => binder.ThenAsync(context => context.OrderForce());
    }

    extension(EventActivityBinder<MigrationSaga, ReachDeadline> binder)
    {
        public EventActivityBinder<MigrationSaga, ReachDeadline> ActOnTheDeadline() => binder.ThenAsync(async context =>
        {
            var (saga, ledger) = (context.Saga, context.Ledger());
            saga.DeadlineToken = null;      // it has come: there is nothing to take back
            var act = MissedDeadline.Decide(Wished(saga), StandingOf(saga), saga.StateReason, saga.Priority);
            ledger.Journal(saga, Deadline, act.GetType().Name, act.Reason, new { saga.Deadline, saga.OnDeadline, saga.CurrentState, saga.Priority });
            switch (act)
            {
                case DeadlineAct.Struggle struggle:
                    Coordinator.Log.Struggles(context.Notification(), saga.CorrelationId, saga.Guest, saga.Source, saga.Destination, struggle.Reason);
                    await ledger.Announce(context, saga, new MigrationStruggling { Reason = struggle.Reason, WouldHelp = struggle.WouldHelp });
                    break;
                case DeadlineAct.Cancel cancel:
                    await context.SendTo(
                        Queues.Migrations,
                        new RequestCancel { MigrationId = saga.CorrelationId, RequestedBy = Deadline, Reason = cancel.Reason, ByDeadline = true },
                        context.CancellationToken);
                    break;
                case DeadlineAct.Hurry hurry:
                    (saga.Forced, saga.Priority) = (true, MissedDeadline.Hurried);
                    await ledger.Announce(context, saga, new MigrationEscalated { Rung = Rung.Priority, Priority = saga.Priority, Reason = hurry.Reason });
                    if (await ledger.Hurry(saga, context.CancellationToken) > 0)
                        await context.Knock();
                    break;
                case DeadlineAct.ForceOnceItMoves:
                    saga.Forced = true;
                    break;
                case DeadlineAct.Force force:
                    saga.Forced = true;
                    await context.AnnounceForce(force.Reason);
                    await context.OrderForce();
                    break;
            }
        });
    }

    extension(BehaviorContext<MigrationSaga> context)
    {
        private Task Knock() => context.SendTo(Queues.Admission, new LaneChanged { Lane = LaneNames.Out(context.Saga.Source) }, context.CancellationToken);

        private Task AnnounceForce(string reason) => context.Ledger().Announce(
            context, context.Saga, new MigrationEscalated { Rung = Rung.Downtime, DowntimeLimit = DowntimeSteps.Most, Reason = reason });

        private Task OrderForce() => context.Order(
            context.Saga.Source,
            new ForceTransfer { MigrationId = context.Saga.CorrelationId, Attempt = context.Saga.Attempt, Epoch = context.Saga.Epoch, GuestUuid = context.Saga.GuestUuid },
            context.CancellationToken);
    }

    private static Wish Wished(MigrationSaga saga) => saga.OnDeadline switch
    {
        OnDeadline.Force => Wish.Force,
        OnDeadline.Cancel => Wish.Cancel,
        _ => Wish.Report,
    };

    private static Standing StandingOf(MigrationSaga saga) => saga.CurrentState switch
    {
        nameof(MigrationStateMachine.Requested) => Standing.BeforeItsTime,
        nameof(MigrationStateMachine.Queued) => Standing.Queued,
        nameof(MigrationStateMachine.Preparing) => Standing.Preparing,
        nameof(MigrationStateMachine.PreCopying) => Standing.Moving,
        _ => Standing.Unsure,
    };
}
