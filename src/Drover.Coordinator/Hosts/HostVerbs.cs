using Drover.Bus;
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
    extension(EventActivityBinder<HostSaga, NoticeHost> binder)
    {
        public EventActivityBinder<HostSaga, NoticeHost> OpenLanes() => binder.ThenAsync(async context =>
        {
            var saga = context.Saga;
            var options = context.GetPayload<IServiceProvider>().GetRequiredService<IOptions<CoordinatorOptions>>().Value;
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
            saga.SilentSince = null;
            await ledger.CloseLanes(saga.Host, null, context.CancellationToken);
            await ledger.Announce(context, new HostBack { EventId = ledger.NewId(), OccurredAt = ledger.Now, Host = saga.Host, SilentSince = since });
            await context.WakeLanes();
        });
    }

    extension(SagaConsumeContext<HostSaga> context)
    {
        private HostLedger Ledger() => context.GetPayload<IServiceProvider>().GetRequiredService<HostLedger>();

        private async Task WakeLanes()
        {
            await context.SendTo(Queues.Admission, new LaneChanged { Lane = LaneNames.Out(context.Saga.Host) }, context.CancellationToken);
            await context.SendTo(Queues.Admission, new LaneChanged { Lane = LaneNames.In(context.Saga.Host) }, context.CancellationToken);
        }
    }
}
