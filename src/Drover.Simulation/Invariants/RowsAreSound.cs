using Drover.Simulation.Roles;

namespace Drover.Simulation.Invariants;

/// <summary>What must be true of the rows after every commit, asked in SQL and not through Drover's own code.</summary>
internal static class RowsAreSound
{
    private const string Terminal = "('migration.completed', 'migration.cancelled', 'migration.failed')";

    private static readonly (string Claim, string Violations)[] _claims =
    [
        ("I4 no lane holds more slots than its limit",
            """SELECT l.name || ' ' || l."limit" FROM lane l WHERE (SELECT count(*) FROM slot s WHERE s.lane = l.name) > l."limit" """),
        ("I4 a migration whose outcome is not known holds its slots",
            "SELECT m.guest || ' ' || m.current_state FROM migration m WHERE m.ended_at IS NULL AND m.transfer_ordered AND (SELECT count(*) FROM slot s WHERE s.migration_id = m.correlation_id) <> 2"),
        ("I5 an ended migration holds no slot, and waits for none",
            "SELECT m.guest || ' ' || m.current_state FROM migration m WHERE m.ended_at IS NOT NULL AND (EXISTS (SELECT 1 FROM slot s WHERE s.migration_id = m.correlation_id) OR EXISTS (SELECT 1 FROM waiting w WHERE w.migration_id = m.correlation_id))"),
        ("I6 a guest is in one unfinished migration at most",
            "SELECT guest_uuid FROM migration WHERE ended_at IS NULL GROUP BY guest_uuid HAVING count(*) > 1"),
        ("I7 an end is reported once, and only of what has ended",
            $"SELECT m.guest || ' ' || m.current_state FROM migration m WHERE (SELECT count(*) FROM event e WHERE e.migration_id = m.correlation_id AND e.routing_key IN {Terminal}) <> (m.ended_at IS NOT NULL)"),
        ("I7 what has ended is in a state of the end, and nothing else is",
            "SELECT m.guest || ' ' || m.current_state FROM migration m WHERE (m.ended_at IS NOT NULL) <> (m.current_state IN ('Completed', 'Cancelled', 'Failed'))"),
        ("I7 what has ended changes no more",
            $"SELECT e.routing_key FROM event e JOIN event later ON later.migration_id = e.migration_id AND later.sequence > e.sequence WHERE e.routing_key IN {Terminal}"),
        ("T1 a deadline acts once",
            "SELECT migration_id FROM journal WHERE kind = 'deadline' GROUP BY migration_id HAVING count(*) > 1"),
        ("T1 and not before its time, nor after the end",
            "SELECT m.guest || ' ' || m.current_state FROM journal j JOIN migration m ON m.correlation_id = j.migration_id WHERE j.kind = 'deadline' AND (j.at < m.deadline OR j.at > m.ended_at)"),
        ("T2 nothing begins before its own time",
            "SELECT m.guest || ' ' || m.current_state FROM migration m JOIN event e ON e.migration_id = m.correlation_id WHERE e.occurred_at < m.not_before AND e.routing_key IN ('migration.queued', 'migration.admitted', 'migration.started')"),
        ("T3 what has ended waits for no time",
            "SELECT m.guest || ' ' || m.current_state FROM migration m WHERE m.ended_at IS NOT NULL AND (m.deadline_token IS NOT NULL OR m.not_before_token IS NOT NULL)"),
        ("I12 the sequence of a migration's events has no gap",
            "SELECT migration_id FROM event WHERE sequence IS NOT NULL GROUP BY migration_id HAVING max(sequence) <> count(*)"),
    ];

    // One question for all: it is asked after every commit.
    private static readonly string _all = string.Join(
        "\nUNION ALL ",
        _claims.Select(claim => $"SELECT '{claim.Claim.Replace("'", "''", StringComparison.Ordinal)}: ' || coalesce(v.what, '') FROM (SELECT NULL AS what WHERE 0 UNION ALL {claim.Violations}) v"));

    public static IEnumerable<string> Violations(SimulatedDatabase database) => database.Ask(_all) is { } violation ? [violation] : [];
}
