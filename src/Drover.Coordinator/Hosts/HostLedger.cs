using Drover.Bus;
using Drover.Contracts.Commands;
using Drover.Contracts.Hosts;
using Drover.Coordinator.Admission;
using Drover.Coordinator.Migrations;
using Drover.Store;
using Drover.Store.Admission;
using Drover.Store.Hosts;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Drover.Coordinator.Hosts;

/// <summary>The rows that change together with a host's saga, in the saga's own transaction: its lanes and its events.</summary>
internal sealed class HostLedger(DroverDbContext db, EventLedger events, ILogger<HostLedger> log)
{
    public ILogger Logger => log;

    public DateTimeOffset Now => events.Now;

    public Guid NewId() => events.NewId();

    public void AddLanes(HostSaga saga) => db.Lanes.AddRange(
        new LaneRow { Name = LaneNames.In(saga.Host), Host = saga.Host, Limit = saga.InLimit },
        new LaneRow { Name = LaneNames.Out(saga.Host), Host = saga.Host, Limit = saga.OutLimit });

    /// <summary>Closes a host's lanes for a reason, or opens them with none. One statement, rows in the order of their names, as admission locks them.</summary>
    public Task<int> CloseLanes(string host, string? because, CancellationToken cancellationToken) =>
        db.Lanes.Where(lane => lane.Host == host).ExecuteUpdateAsync(set => set.SetProperty(lane => lane.ClosedBecause, because), cancellationToken);

    /// <summary>Has every unfinished migration of a host give its order or question again.</summary>
    public async Task<int> CheckOnUnfinished(ConsumeContext context, string host)
    {
        var unfinished = await db.Migrations.AsNoTracking()
            .Where(saga => saga.EndedAt == null && (saga.Source == host || saga.Destination == host) && saga.CurrentState != nameof(MigrationStateMachine.Queued))
            .Select(saga => saga.CorrelationId)
            .ToListAsync(context.CancellationToken);
        foreach (var migration in unfinished)
            await context.SendTo(Queues.Migrations, new CheckOn { MigrationId = migration }, context.CancellationToken);
        return unfinished.Count;
    }

    /// <summary>Whether a host is silent, by its last report. Read under its saga's lock, after whatever told that it may have changed was committed.</summary>
    public Task<bool> IsSilent(string host, CancellationToken cancellationToken) => db.HostReports.AnyAsync(row => row.Host == host && row.Silent, cancellationToken);

    /// <summary>
    /// The host's epoch floor, read under a lock that its saga's row takes too: an agent that is back and its own fencing are never decided at once, one told the
    /// floor from before while the other weighs evidence without it.
    /// </summary>
    public async Task<long> LockedFloor(string host, CancellationToken cancellationToken)
    {
        var rows = db.Database.IsNpgsql()
            ? await db.Hosts.FromSql($"SELECT * FROM host WHERE host = {host} FOR SHARE").AsNoTracking().ToListAsync(cancellationToken)
            : await db.Hosts.AsNoTracking().Where(row => row.Host == host).ToListAsync(cancellationToken);
        return rows is [var row] ? row.EpochFloor : 0;
    }

    /// <summary>Answers a command about a host that has no effect.</summary>
    public Task Reject(ConsumeContext context, string command, RejectionCode code, string message, string host, string? commandMessageId) => events.KeepAndPublish(
        context,
        Wire.Event(new CommandRejected { EventId = NewId(), OccurredAt = Now, Command = command, Code = code, Message = message, Host = host, CommandMessageId = commandMessageId }),
        Now);

    public Task Announce<TEvent>(ConsumeContext context, TEvent announced)
        where TEvent : HostEvent => events.KeepAndPublish(context, Wire.Event(announced), announced.OccurredAt);
}
