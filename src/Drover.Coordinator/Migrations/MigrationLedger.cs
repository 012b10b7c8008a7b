using System.Text.Json;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Commands;
using Drover.Contracts.Migrations;
using Drover.Coordinator.Admission;
using Drover.Policy.Model;
using Drover.Store;
using Drover.Store.Admission;
using Drover.Store.Hosts;
using Drover.Store.Migrations;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Drover.Coordinator.Migrations;

/// <summary>
/// The rows that change together with a migration's saga, in the saga's own transaction: numbered events, journal, place in the queue, slots. The saga decides
/// and the ledger writes down; neither reads the world.
/// </summary>
internal sealed class MigrationLedger(DroverDbContext db, EventLedger events, ILogger<MigrationLedger> log)
{
    public DateTimeOffset Now => events.Now;

    public Guid NewId() => events.NewId();

    /// <summary>Numbers an event, keeps it, and publishes the very same bytes with the commit. The one place where a sequence is assigned.</summary>
    public async Task Announce<TEvent>(ConsumeContext context, MigrationSaga saga, TEvent draft)
        where TEvent : MigrationStep
    {
        var announced = draft with
        {
            EventId = events.NewId(),
            OccurredAt = Now,
            MigrationId = saga.CorrelationId,
            Attempt = saga.Attempt,
            Guest = saga.Guest,
            GuestUuid = saga.GuestUuid,
            Source = saga.Source,
            Destination = saga.Destination,
            Tenant = saga.Tenant,
            Visibility = saga.OperatorOnly ? Visibility.Operator : Visibility.Tenant,
            Sequence = ++saga.Sequence,
        };
        var wire = Wire.Event(announced);
        await events.KeepAndPublish(context, wire, announced.OccurredAt, saga.CorrelationId, announced.Sequence);
        Log.Announced(log, saga.CorrelationId, wire.RoutingKey, saga.Guest, saga.Source, saga.Destination, saga.StateReason);
    }

    /// <summary>Keeps a decision with its inputs and reason.</summary>
    public void Journal(MigrationSaga saga, string kind, string decision, string reason, object inputs) => db.Journal.Add(new JournalRow
    {
        MigrationId = saga.CorrelationId,
        At = Now,
        Kind = kind,
        Decision = decision,
        Reason = reason,
        Inputs = JsonSerializer.Serialize(inputs, ContractsJson.Tolerant),
    });

    /// <summary>Puts it into the queue of its two lanes.</summary>
    public void Enqueue(MigrationSaga saga) => db.Waiting.Add(new WaitingRow
    {
        MigrationId = saga.CorrelationId,
        OutLane = LaneNames.Out(saga.Source),
        InLane = LaneNames.In(saga.Destination),
        Priority = saga.Priority,
    });

    /// <summary>
    /// Sees to it that a queued migration waits, or hears that it need not: a database restored from a backup may have its slots, and have lost the word of them.
    /// A grant that is told twice is ignored.
    /// </summary>
    public async Task KeepPlaceInQueue(ConsumeContext context, MigrationSaga saga)
    {
        if (await db.Waiting.AnyAsync(row => row.MigrationId == saga.CorrelationId, context.CancellationToken))
            return;
        var held = await db.Slots.Where(slot => slot.MigrationId == saga.CorrelationId).OrderBy(slot => slot.Lane).Select(slot => slot.Lane).ToListAsync(context.CancellationToken);
        if (held.Count == 0)
            Enqueue(saga);
        else
            await context.SendTo(Queues.Migrations, new MigrationGranted { MigrationId = saga.CorrelationId, Lanes = held, Reason = "its slots are held, and word of that was lost" }, context.CancellationToken);
    }

    /// <summary>Takes it out of the queue. False: it is not there any more, because its slots were granted a moment ago.</summary>
    public async Task<bool> LeaveQueue(MigrationSaga saga, CancellationToken cancellationToken) =>
        await db.Waiting.Where(row => row.MigrationId == saga.CorrelationId).ExecuteDeleteAsync(cancellationToken) > 0;

    /// <summary>Puts it before others in the queue, if it is there.</summary>
    public Task<int> Hurry(MigrationSaga saga, CancellationToken cancellationToken) =>
        db.Waiting.Where(row => row.MigrationId == saga.CorrelationId).ExecuteUpdateAsync(set => set.SetProperty(row => row.Priority, saga.Priority), cancellationToken);

    /// <summary>Lets go of its slots and wakes those who wait for them.</summary>
    public async Task ReleaseSlots(ConsumeContext context, MigrationSaga saga)
    {
        var freed = await db.Slots.Where(slot => slot.MigrationId == saga.CorrelationId).ExecuteDeleteAsync(context.CancellationToken);
        if (freed == 0)
            return;
        await context.SendTo(Queues.Admission, new LaneChanged { Lane = LaneNames.Out(saga.Source) }, context.CancellationToken);
        await context.SendTo(Queues.Admission, new LaneChanged { Lane = LaneNames.In(saga.Destination) }, context.CancellationToken);
    }

    /// <summary>The digest of a migration that retention has taken; null when it has not.</summary>
    public Task<string?> TombstoneOf(Guid migration, CancellationToken cancellationToken) =>
        db.Tombstones.Where(row => row.MigrationId == migration).Select(row => row.BodyDigest).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The unfinished migration that the guest is in, other than this one.</summary>
    public async Task<Guid?> UnfinishedMigrationOf(Guid guest, Guid exceptMigration, CancellationToken cancellationToken)
    {
        var other = await db.Migrations.AsNoTracking()
            .Where(row => row.GuestUuid == guest && row.EndedAt == null && row.CorrelationId != exceptMigration)
            .Select(row => (Guid?)row.CorrelationId)
            .FirstOrDefaultAsync(cancellationToken);
        return other;
    }

    /// <summary>The highest epoch of any order about this guest that this database knows; 0 when there was none.</summary>
    public async Task<long> HighestEpochOf(Guid guest, CancellationToken cancellationToken) =>
        await db.Migrations.Where(row => row.GuestUuid == guest).MaxAsync(row => (long?)row.Epoch, cancellationToken) ?? 0;

    /// <summary>Who attests that the migration's hosts are down, and why; null for one that is not, or that reports.</summary>
    public async Task<(string? Source, string? Destination)> Attestations(MigrationSaga saga, CancellationToken cancellationToken)
    {
        var down = await (from host in db.Hosts.AsNoTracking()
                          join report in db.HostReports.AsNoTracking() on host.Host equals report.Host
                          where host.ConfirmedDownAt != null && report.Silent && (host.Host == saga.Source || host.Host == saga.Destination)
                          select new { host.Host, Words = "confirmed by " + host.ConfirmedDownBy + ": " + host.ConfirmedDownReason }).ToListAsync(cancellationToken);
        return (down.Find(host => host.Host == saga.Source)?.Words, down.Find(host => host.Host == saga.Destination)?.Words);
    }

    /// <summary>What hosts other than the migration's two say of its guest, in inventories of hosts that report.</summary>
    public async Task<Elsewhere> Elsewhere(MigrationSaga saga, CancellationToken cancellationToken)
    {
        var others = db.HostReports.AsNoTracking().Where(report => !report.Silent && report.LibvirtAway == null && report.Host != saga.Source && report.Host != saga.Destination);
        var there = await (from guest in db.Guests.AsNoTracking()
                           join report in others on guest.Host equals report.Host
                           where guest.Uuid == saga.GuestUuid && guest.Power != "shut-off" && guest.Power != "crashed"
                           orderby guest.Job, guest.Host
                           select new { guest.Host, guest.Job }).ToListAsync(cancellationToken);
        if (there is [var first, ..])
            return new Elsewhere.On((there.Find(guest => guest.Job == "none") ?? first).Host, there.TrueForAll(guest => guest.Job == "migration-in"));
        var unheard = await others.CountAsync(report => report.LastReportAt <= saga.MissingSince, cancellationToken);
        return unheard == 0 ? new Elsewhere.Nowhere() : new Elsewhere.Unheard(unheard);
    }

    /// <summary>The source's epoch floor: an order to begin carries it, and is refused once the floor has risen above it.</summary>
    public async Task<long> FloorOf(string host, CancellationToken cancellationToken) =>
        await db.Hosts.Where(row => row.Host == host).Select(row => (long?)row.EpochFloor).FirstOrDefaultAsync(cancellationToken) ?? 0;

    /// <summary>The guest's place is its destination now, and this migration brought it there: no inventory will take that for another hand's work.</summary>
    public async Task RecordPlace(MigrationSaga saga, CancellationToken cancellationToken)
    {
        if (await db.Places.FindAsync([saga.GuestUuid], cancellationToken) is not { } place)
            db.Places.Add(place = new GuestPlaceRow { Uuid = saga.GuestUuid });
        (place.Name, place.Host, place.Since, place.How) = (saga.Guest, saga.Destination, Now, $"migration {saga.CorrelationId}");
    }

    /// <summary>Moves the guest in the inventory without waiting for the hosts' next reports, so that the next command finds it.</summary>
    public async Task MoveInInventory(MigrationSaga saga, CancellationToken cancellationToken)
    {
        var here = await db.Guests.Where(row => row.Uuid == saga.GuestUuid && (row.Host == saga.Source || row.Host == saga.Destination)).ToListAsync(cancellationToken);
        var old = here.Find(row => row.Host == saga.Source);
        var arrived = here.Find(row => row.Host == saga.Destination);
        if (arrived is null && old is not null)
        {
            db.Guests.Add(new GuestRow
            {
                Host = saga.Destination,
                Uuid = old.Uuid,
                Name = old.Name,
                MemoryBytes = old.MemoryBytes,
                Vcpus = old.Vcpus,
                Power = "running",
                Job = "none",
                MarkEpoch = saga.Epoch,
                MarkMigrationId = saga.CorrelationId,
                Metadata = old.Metadata,
            });
        }
        else if (arrived is not null)
        {
            (arrived.Power, arrived.Job) = ("running", "none");
        }

        if (old is not null)
            db.Guests.Remove(old);
    }

    /// <summary>Takes the copy that was coming out of the destination's inventory, without waiting for its next report: a name on two hosts would be ambiguous.</summary>
    public Task<int> ForgetAtDestination(MigrationSaga saga, CancellationToken cancellationToken) =>
        db.Guests.Where(row => row.Uuid == saga.GuestUuid && row.Host == saga.Destination).ExecuteDeleteAsync(cancellationToken);

    /// <summary>Answers a command that has no effect; kept beside the events so that whoever asks by id gets the answer too.</summary>
    public Task Reject(ConsumeContext context, string command, RejectionCode code, string message, Guid? migrationId, string? commandMessageId, string? host = null) =>
        events.KeepAndPublish(
            context,
            Wire.Event(new CommandRejected
            {
                EventId = events.NewId(),
                OccurredAt = Now,
                Command = command,
                Code = code,
                Message = message,
                MigrationId = migrationId,
                Host = host,
                CommandMessageId = commandMessageId,
            }),
            Now,
            migrationId);
}
