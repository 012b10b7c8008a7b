using Drover.Hypervisors.Simulated;
using Drover.Simulation.Mail;
using Drover.Simulation.Roles;

namespace Drover.Simulation.Invariants;

/// <summary>What must be true when everything has ended and all is quiet: what Drover says is what is.</summary>
internal static class EndIsRight
{
    /// <summary>QEMU's own limit; what Drover set for a transfer is put back.</summary>
    private static readonly TimeSpan _downtimeLimit = TimeSpan.FromMilliseconds(300);

    /// <param name="database">The coordinators' rows.</param>
    /// <param name="world">The truth.</param>
    /// <param name="asked">The ids of all requests that were sent.</param>
    /// <param name="touched">Guests that somebody ended or started by hand: they are where that left them.</param>
    /// <param name="observer">What was seen: whether the database was restored from a backup (it has forgotten requests, and ends of migrations that it does not know moved guests on), and which marks were written.</param>
    /// <param name="alarms">The scheduler.</param>
    public static IEnumerable<string> Violations(SimulatedDatabase database, SimulatedWorld world, IReadOnlySet<Guid> asked, IReadOnlySet<Guid> touched, WorldObserver observer, Alarms alarms)
    {
        var restored = observer.Restored;
        foreach (var row in database.Rows("SELECT correlation_id, guest FROM migration WHERE ended_at IS NOT NULL"))
        {
            if (alarms.Migrations.Contains(Guid.Parse((string)row[0])))
                yield return $"T3 what has ended waits for no time: a schedule of {row[1]}'s migration is still armed";
        }

        foreach (var row in database.Rows("SELECT correlation_id, guest FROM migration WHERE deadline IS NOT NULL"))
        {
            if (!alarms.Deadlines.Contains(Guid.Parse((string)row[0])))
                yield return $"T4 each deadline is armed: that of {row[1]}'s migration never was";
        }

        var now = world.Look();
        foreach (var transfer in now.Transfers)
            yield return $"I7 nothing moves that nobody knows of: a transfer from {transfer.Source} to {transfer.Destination} is in {transfer.Stage}";

        foreach (var id in asked.Where(id => !restored && database.Count($"SELECT (SELECT count(*) FROM migration WHERE correlation_id = {SimulatedDatabase.Text(id)}) + (SELECT count(*) FROM event WHERE migration_id = {SimulatedDatabase.Text(id)} AND routing_key = 'command.rejected')") == 0))
            yield return $"I13 nothing is lost: nobody knows of request {id}";

        var copies = now.Hosts.SelectMany(host => host.Guests, (host, guest) => (Host: host.Name, Guest: guest)).ToLookup(copy => copy.Guest.Uuid);
        // The last one that had a transfer ordered: what was refused or cancelled before that says nothing of where the guest is.
        foreach (var row in database.Rows("SELECT guest_uuid, guest, iif(current_state = 'Completed', destination, source), current_state, max(ended_at) FROM migration WHERE transfer_ordered GROUP BY guest_uuid"))
        {
            var (uuid, name, place, state) = (Guid.Parse((string)row[0]), row[1], (string)row[2], row[3]);
            if (restored || touched.Contains(uuid))
                continue;
            var active = copies[uuid].Where(copy => copy.Guest.State.Power is Policy.Model.GuestPower.Running or Policy.Model.GuestPower.Paused).ToList();
            if (active is not [{ Guest.RunningVcpus: > 0 } only] || only.Host != place)
                yield return $"I8 an end says where the guest is: {name} is {state}, so on {place}, but it is {string.Join(" and ", active.Select(copy => $"{copy.Guest.State.Power} on {copy.Host}"))}";
            else if (only.Guest.DowntimeLimit != _downtimeLimit)
                yield return $"what Drover sets it puts back: {name}'s downtime limit is {only.Guest.DowntimeLimit.TotalMilliseconds} ms";
        }

        foreach (var row in database.Rows("SELECT l.name, l.closed_because FROM lane l JOIN host_report r ON r.host = l.host WHERE NOT r.silent AND l.closed_because IS NOT NULL"))
            yield return $"a host that reports is open again: {row[0]} is closed, because {row[1]}";

        foreach (var row in database.Rows("SELECT correlation_id, guest FROM migration WHERE current_state = 'Completed'"))
        {
            // Who moves it by hand under its mark has moved it for Drover too: nothing tells the two apart, and the guest is where it was to be.
            if (!observer.HasMarked(Guid.Parse((string)row[0])))
                yield return $"I8 what is completed was moved under its mark: {row[1]}'s migration is completed, and never wrote one";
        }

        foreach (var row in database.Rows("SELECT correlation_id, guest_uuid, guest, destination FROM migration WHERE current_state = 'Failed'"))
        {
            var uuid = Guid.Parse((string)row[1]);
            var moved = copies[uuid].Any(copy => copy.Host == (string)row[3] && copy.Guest.RunningVcpus > 0 && copy.Guest.State.Mark?.MigrationId == Guid.Parse((string)row[0]));
            if (moved && !touched.Contains(uuid))
                yield return $"I8 what was moved is completed: {row[2]} runs on {row[3]} with the mark of a migration that is said to have failed";
        }

        foreach (var row in database.Rows("SELECT guest_uuid, guest FROM migration m WHERE current_state = 'Failed' AND transfer_ordered AND EXISTS (SELECT 1 FROM journal j WHERE j.migration_id = m.correlation_id AND j.kind = 'cancel')"))
        {
            if (!restored && !touched.Contains(Guid.Parse((string)row[0])))
                yield return $"I8 a cancel that was accepted ends in cancelled or completed: {row[1]}'s migration is failed";
        }

        foreach (var row in database.Rows("SELECT guest, state_reason FROM migration WHERE current_state = 'Failed' AND state_reason LIKE '%older than the guest''s mark%'").Where(_ => !restored))
            yield return $"epochs rise: {row[0]}'s migration was refused by the mark of an earlier one: {row[1]}";

        foreach (var row in database.Rows("SELECT uuid, name, group_concat(host) FROM guest WHERE power = 'running' GROUP BY uuid"))
        {
            var runs = copies[Guid.Parse((string)row[0])].Where(copy => copy.Guest.RunningVcpus > 0).Select(copy => copy.Host).ToList();
            if (runs is not [var host] || host != (string)row[2])
                yield return $"I3 the inventory is the world: {row[1]} is recorded on {row[2]}, and runs on {string.Join(" and ", runs)}";
        }
    }
}
