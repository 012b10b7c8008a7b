using Drover.Bus;
using Drover.Contracts.Commands;
using Drover.Contracts.Hosts;
using Drover.Coordinator.Admission;
using Drover.Store.Hosts;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Drover.Coordinator.Hosts;

/// <summary>The verbs of the host's table.</summary>
internal static class HostVerbs
{
    /// <summary>Whether it is silent now, whatever the message says.</summary>
    public static Task<bool> IsSilent(BehaviorContext<HostSaga, NoticeSilence> context) => context.Services().GetRequiredService<HostLedger>().IsSilent(context.Saga.Host, context.CancellationToken);

    /// <summary>Whether it reports now, whatever the message says.</summary>
    public static async Task<bool> Reports(BehaviorContext<HostSaga, NoticeReturn> context) => !await context.Services().GetRequiredService<HostLedger>().IsSilent(context.Saga.Host, context.CancellationToken);

    extension(EventActivityBinder<HostSaga, NoticeHost> binder)
    {
        public EventActivityBinder<HostSaga, NoticeHost> OpenLanes() => binder.ThenAsync(async context =>
        {
            var saga = context.Saga;
            var options = context.Services().GetRequiredService<IOptions<CoordinatorOptions>>().Value;
            (saga.Host, saga.OutLimit, saga.InLimit) = (context.Message.Host, options.OutLimit, options.InLimit);
            var ledger = context.Ledger();
            ledger.AddLanes(saga);
            await ledger.Announce(context, new HostAppeared
            {
                EventId = ledger.NewId(),
                OccurredAt = ledger.Now,
                Host = saga.Host,
                OutLimit = saga.OutLimit,
                InLimit = saga.InLimit,
            });
            await context.WakeLanes();
        });
    }

    extension(EventActivityBinder<HostSaga, NoticeSilence> binder)
    {
        public EventActivityBinder<HostSaga, NoticeSilence> CloseLanes() => binder.ThenAsync(async context =>
        {
            var (saga, ledger, since) = (context.Saga, context.Ledger(), context.Message.LastReportAt);
            saga.SilentSince = since;
            await ledger.CloseLanes(saga.Host, $"{saga.Host} silent since {since:yyyy-MM-dd HH:mm:ss}Z", context.CancellationToken);
            await ledger.Announce(context, new HostSilent { EventId = ledger.NewId(), OccurredAt = ledger.Now, Host = saga.Host, LastReportAt = since });
        });
    }

    extension(EventActivityBinder<HostSaga, NoticeReturn> binder)
    {
        public EventActivityBinder<HostSaga, NoticeReturn> ReopenLanes() => binder.ThenAsync(async context =>
        {
            var (saga, ledger) = (context.Saga, context.Ledger());
            var since = saga.SilentSince ?? ledger.Now;
            (saga.SilentSince, saga.UnreachableSince) = (null, null);
            await ledger.CloseLanes(saga.Host, null, context.CancellationToken);
            await ledger.Announce(context, new HostBack { EventId = ledger.NewId(), OccurredAt = ledger.Now, Host = saga.Host, SilentSince = since });
            await ledger.CheckOnUnfinished(context, saga.Host);
            await context.WakeLanes();
        });

        public EventActivityBinder<HostSaga, NoticeReturn> WithdrawConfirmation() => binder.ThenAsync(async context =>
        {
            var (saga, ledger) = (context.Saga, context.Ledger());
            var confirmed = saga.ConfirmedDownAt ?? ledger.Now;
            (saga.ConfirmedDownAt, saga.ConfirmedDownBy, saga.ConfirmedDownReason) = (null, null, null);
            await ledger.Announce(context, new HostConfirmationWithdrawn { EventId = ledger.NewId(), OccurredAt = ledger.Now, Host = saga.Host, ConfirmedAt = confirmed });
            Log.HostSeen(ledger.Logger, saga.Host, "was confirmed down and reports again: the confirmation is withdrawn");
        });
    }

    extension(EventActivityBinder<HostSaga, ConfirmDown> binder)
    {
        public EventActivityBinder<HostSaga, ConfirmDown> Fence() => binder.ThenAsync(async context =>
        {
            var (saga, ledger, word) = (context.Saga, context.Ledger(), context.Message);
            saga.EpochFloor++;
            (saga.ConfirmedDownAt, saga.ConfirmedDownBy, saga.ConfirmedDownReason) = (ledger.Now, word.RequestedBy, word.Reason);
            await ledger.CloseLanes(saga.Host, $"{saga.Host} confirmed down by {word.RequestedBy}", context.CancellationToken);
            await ledger.Announce(context, new HostConfirmedDown { EventId = ledger.NewId(), OccurredAt = ledger.Now, Host = saga.Host, RequestedBy = word.RequestedBy, Reason = word.Reason });
            await ledger.CheckOnUnfinished(context, saga.Host);
            Log.HostConfirmedDown(ledger.Logger, saga.Host, word.RequestedBy, word.Reason, saga.EpochFloor);
        });

        public EventActivityBinder<HostSaga, ConfirmDown> SayThatItReports() => binder.ThenAsync(context => context.Ledger().Reject(
            context, "confirm-host-down", RejectionCode.HostReports, $"Host {context.Saga.Host} reports: it is not down. A host that can be asked is asked.", context.Saga.Host, context.Message.CommandMessageId));
    }

    extension(EventActivityBinder<HostSaga, NoticeUnreachable> binder)
    {
        public EventActivityBinder<HostSaga, NoticeUnreachable> TellOnce() => binder.ThenAsync(async context =>
        {
            var (saga, ledger, order) = (context.Saga, context.Ledger(), context.Message);
            if (saga.UnreachableSince is not null)
                return;
            saga.UnreachableSince = ledger.Now;
            await ledger.Announce(context, new HostUnreachable { EventId = ledger.NewId(), OccurredAt = ledger.Now, Host = saga.Host, Order = order.Order, MigrationId = order.MigrationId, Reason = order.Reason });
        });
    }

    extension(EventActivityBinder<HostSaga, RaiseFloor> binder)
    {
        public EventActivityBinder<HostSaga, RaiseFloor> RaiseTheFloor() => binder.Then(context => context.Saga.EpochFloor++);
    }

    private static IServiceProvider Services(this PipeContext context) => context.GetPayload<IServiceProvider>();

    extension(SagaConsumeContext<HostSaga> context)
    {
        private HostLedger Ledger() => context.Services().GetRequiredService<HostLedger>();

        private async Task WakeLanes()
        {
            await context.SendTo(Queues.Admission, new LaneChanged { Lane = LaneNames.Out(context.Saga.Host) }, context.CancellationToken);
            await context.SendTo(Queues.Admission, new LaneChanged { Lane = LaneNames.In(context.Saga.Host) }, context.CancellationToken);
        }
    }
}
