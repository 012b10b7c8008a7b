using Drover.Hypervisors.Simulated;
using Drover.Simulation.Roles;

namespace Drover.Simulation.Invariants;

/// <summary>An outside observer of the hypervisors: it sees what no agent can, the truth, after each step.</summary>
internal sealed class WorldObserver(Course course, SimulatedWorld world, SimulatedDatabase database, int outLimit, int inLimit, Func<Guid, bool> movedByHand)
{
    /// <summary>The database was restored: it does not know everything that runs, so what runs is not held to its limits any more.</summary>
    public bool Restored { get; set; }

    private readonly HashSet<(Guid Migration, int Attempt)> _begun = [];
    private readonly HashSet<Guid> _marked = [];

    /// <summary>Whether a guest was ever marked by this migration.</summary>
    public bool HasMarked(Guid migration) => _marked.Contains(migration);

    /// <summary>An agent has just written a mark.</summary>
    public void Marked(Guid migration) => _marked.Add(migration);

    public IEnumerable<string> Violations()
    {
        var now = world.Look();
        foreach (var guest in now.Hosts.SelectMany(host => host.Guests.Where(guest => guest.RunningVcpus > 0)).GroupBy(guest => guest.Uuid).Where(copies => copies.Count() > 1))
            yield return $"I1 a guest runs once: {guest.First().Name} runs on {guest.Count()} hosts";
        var transfers = Restored ? [] : now.Transfers.Where(transfer => !movedByHand(transfer.Guest)).ToList();
        foreach (var leaving in transfers.GroupBy(transfer => transfer.Source).Where(transfers => transfers.Count() > outLimit))
            yield return $"I4 no more than {outLimit} leave a host: {leaving.Count()} leave {leaving.Key}";
        foreach (var coming in transfers.GroupBy(transfer => transfer.Destination).Where(transfers => transfers.Count() > inLimit))
            yield return $"I4 no more than {inLimit} come to a host: {coming.Count()} come to {coming.Key}";
    }

    /// <summary>After the coordinator has committed something: whose end it has declared, that one does not move any more. Others are held to this when they begin.</summary>
    public IEnumerable<string> EndedAndMoving()
    {
        if (!Restored)
            yield break;
        var now = world.Look();
        foreach (var transfer in now.Transfers.Where(transfer => transfer.Stage is "setup" or "pre-copy"))
        {
            var copy = now.Hosts.Single(host => host.Name == transfer.Source).Guests.Single(copy => copy.Uuid == transfer.Guest);
            if (!movedByHand(copy.Uuid) && copy.State.Mark is { } mark && database.Count($"SELECT count(*) FROM migration WHERE correlation_id = {SimulatedDatabase.Text(mark.MigrationId)} AND ended_at IS NOT NULL") > 0)
                yield return $"I8 an end says where the guest is: the migration of {copy.Name} has ended, and its transfer runs";
        }
    }

    /// <summary>An agent has just told a hypervisor to begin a guest's transfer.</summary>
    public void Begun(Guid guest)
    {
        var now = world.Look();
        if (now.Transfers.FirstOrDefault(transfer => transfer.Guest == guest) is not { } transfer || transfer.Began != now.At)
            return;     // it was refused, or another one runs
        var copy = now.Hosts.Single(host => host.Name == transfer.Source).Guests.Single(copy => copy.Uuid == guest);
        if (copy.State.Mark is not { } mark)
            course.Violate($"I6 a transfer is begun under a mark: that of {copy.Name} was not");
        else if (!_begun.Add((mark.MigrationId, mark.Attempt)))
            course.Violate($"I6 an attempt begins once: that of {copy.Name} began twice");
        else if (database.Count($"SELECT count(*) FROM migration WHERE correlation_id = {SimulatedDatabase.Text(mark.MigrationId)} AND ended_at {(Restored ? "IS NOT NULL" : "IS NULL")}") != (Restored ? 0 : 1))
            course.Violate($"I7 what has ended begins nothing: the migration of {copy.Name} had ended when its transfer began");
    }
}
