using Drover.Simulation.Invariants;
using Drover.Simulation.Roles;

namespace Drover.Simulation.Faults;

/// <summary>The database is restored from an older backup while migrations run: the coordinator starts on it, and finds a world that has gone on.</summary>
internal sealed class OldBackup(Course course, SimulatedDatabase database, Coordinators coordinators, WorldObserver observer)
{
    private readonly HashSet<(Guid, string)> _inbox = [];
    private bool _made;

    public void Prepare()
    {
        if (course.Profile != Profile.Ordinary || !course.Random.Happens(0.12))
            return;
        var (backup, restore) = (course.Random.Seconds(4, 40), course.Random.Seconds(1, 20));
        course.Agenda.In(backup, BackUp);
        course.Agenda.In(backup + restore, Restore);
    }

    /// <summary>Makes a backup now, and restores it after a while; once.</summary>
    public void BackUpAndRestore(TimeSpan after)
    {
        if (_made)
            return;
        BackUp();
        course.Agenda.In(after, Restore);
    }

    private void BackUp()
    {
        course.Trace.Write("database", "is backed up");
        database.Backup();
        _made = true;
        _inbox.UnionWith(coordinators.Inbox);
    }

    private void Restore()
    {
        course.Trace.Write("database", "is restored from the backup");
        database.Restore();
        coordinators.Inbox.Clear();
        coordinators.Inbox.UnionWith(_inbox);
        observer.Restored = true;
        coordinators.Kill("for the restore");
    }
}
