using Drover.Bus;
using Drover.Coordinator.Migrations;
using Drover.Store;
using Drover.Store.Admission;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Drover.Coordinator.Admission;

/// <summary>
/// Grants slots: at most one migration per message and transaction, and asks itself again while there was one. The transaction locks the two lane rows in the
/// order of their names, then takes both slots or none; it never locks a saga's row. A slot is a row with a unique number, so that even a bug here could not
/// commit one more than there are.
/// </summary>
internal sealed class AdmissionConsumer(DroverDbContext db, ILogger<AdmissionConsumer> log) : IConsumer<LaneChanged>
{
    /// <summary>How many waiting migrations are told per message what blocks them.</summary>
    private const int ToldPerMessage = 64;

    public async Task Consume(ConsumeContext<LaneChanged> context)
    {
        var lane = context.Message.Lane;
        if (await NextAdmissible(lane, context.CancellationToken) is { } next)
        {
            await TryGrant(next, context);

            // Granted, or lost to somebody else: either way there may be another one.
            await context.SendTo(Queues.Admission, new LaneChanged { Lane = lane }, context.CancellationToken);
            return;
        }

        await TellWhatBlocks(lane, context);
    }

    private Task<WaitingRow?> NextAdmissible(string lane, CancellationToken cancellationToken) =>
        (from waiting in db.Waiting.AsNoTracking()
         join outLane in db.Lanes on waiting.OutLane equals outLane.Name
         join inLane in db.Lanes on waiting.InLane equals inLane.Name
         where (waiting.OutLane == lane || waiting.InLane == lane)
             && outLane.ClosedBecause == null && inLane.ClosedBecause == null
             && db.Slots.Count(slot => slot.Lane == waiting.OutLane) < outLane.Limit
             && db.Slots.Count(slot => slot.Lane == waiting.InLane) < inLane.Limit
         orderby waiting.Priority descending, waiting.Arrival
         select waiting).FirstOrDefaultAsync(cancellationToken);

    private async Task TryGrant(WaitingRow next, ConsumeContext context)
    {
        var lanes = await LockLanes(next, context.CancellationToken);
        var slots = new List<SlotRow>();
        foreach (var lane in lanes)
        {
            var held = await db.Slots.AsNoTracking().Where(slot => slot.Lane == lane.Name).Select(slot => slot.Number).ToListAsync(context.CancellationToken);
            if (lane.ClosedBecause is not null || held.Count >= lane.Limit)
                return;
            slots.Add(new SlotRow { Lane = lane.Name, Number = Enumerable.Range(1, held.Count + 1).First(number => !held.Contains(number)), MigrationId = next.MigrationId });
        }

        // The row is the claim: whoever deletes it decides, the grant here or a cancel elsewhere.
        if (await db.Waiting.Where(row => row.Arrival == next.Arrival).ExecuteDeleteAsync(context.CancellationToken) == 0)
            return;

        db.Slots.AddRange(slots);
        var reason = string.Join(", ", slots.Select(slot => $"{slot.Lane} slot {slot.Number} of {lanes.Find(lane => lane.Name == slot.Lane)!.Limit}"));
        await context.SendTo(Queues.Migrations, new MigrationGranted { MigrationId = next.MigrationId, Lanes = [.. slots.Select(slot => slot.Lane)], Reason = reason }, context.CancellationToken);
        Log.Admitted(log, next.MigrationId, reason);
    }

    private Task<List<LaneRow>> LockLanes(WaitingRow waiting, CancellationToken cancellationToken) => db.Database.IsNpgsql()
        ? db.Lanes.FromSql($"SELECT * FROM lane WHERE name IN ({waiting.OutLane}, {waiting.InLane}) ORDER BY name FOR UPDATE").AsNoTracking().ToListAsync(cancellationToken)
        : db.Lanes.Where(lane => lane.Name == waiting.OutLane || lane.Name == waiting.InLane).OrderBy(lane => lane.Name).AsNoTracking().ToListAsync(cancellationToken);

    private async Task TellWhatBlocks(string lane, ConsumeContext context)
    {
        var untold = await db.Waiting
            .Where(row => (row.OutLane == lane || row.InLane == lane) && row.BlockedBy == null)
            .OrderByDescending(row => row.Priority).ThenBy(row => row.Arrival)
            .Take(ToldPerMessage)
            .ToListAsync(context.CancellationToken);
        foreach (var waiting in untold)
        {
            foreach (var name in new[] { waiting.OutLane, waiting.InLane })
            {
                var state = await db.Lanes.AsNoTracking().Where(row => row.Name == name)
                    .Select(row => new { row.Limit, row.ClosedBecause, Used = db.Slots.Count(slot => slot.Lane == name) })
                    .FirstOrDefaultAsync(context.CancellationToken);

                // No row: the host has reported, and its saga has not opened its lanes yet. It wakes them when it does.
                if (state is null || (state.ClosedBecause is null && state.Used < state.Limit))
                    continue;
                waiting.BlockedBy = name;
                var reason = state.ClosedBecause is { } closed ? $"{name} is closed: {closed}" : $"{name} {state.Used}/{state.Limit}";
                await context.SendTo(Queues.Migrations, new MigrationBlocked { MigrationId = waiting.MigrationId, Lane = name, Reason = reason }, context.CancellationToken);
                break;
            }
        }
    }
}
