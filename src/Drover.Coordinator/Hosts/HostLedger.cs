using Drover.Bus;
using Drover.Contracts.Hosts;
using Drover.Coordinator.Admission;
using Drover.Store;
using Drover.Store.Admission;
using Drover.Store.Hosts;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Hosts;

/// <summary>The rows that change together with a host's saga, in the saga's own transaction: its lanes and its events.</summary>
internal sealed class HostLedger(DroverDbContext db, EventLedger events)
{
    public DateTimeOffset Now => events.Now;

    public Guid NewId() => events.NewId();

    public void AddLanes(HostSaga saga) => db.Lanes.AddRange(
        new LaneRow { Name = LaneNames.In(saga.Host), Host = saga.Host, Limit = saga.InLimit },
        new LaneRow { Name = LaneNames.Out(saga.Host), Host = saga.Host, Limit = saga.OutLimit });

    /// <summary>Closes a host's lanes for a reason, or opens them with none. One statement, rows in the order of their names, as admission locks them.</summary>
    public Task<int> CloseLanes(string host, string? because, CancellationToken cancellationToken) =>
        db.Lanes.Where(lane => lane.Host == host).ExecuteUpdateAsync(set => set.SetProperty(lane => lane.ClosedBecause, because), cancellationToken);

    public Task Announce<TEvent>(ConsumeContext context, TEvent announced)
        where TEvent : HostEvent => events.KeepAndPublish(context, Wire.Event(announced), announced.OccurredAt);
}
