namespace Drover.Simulation.Clock;

/// <summary>What is to happen, in the order of its time; what is due at one instant happens in the order in which it was entered. Time passes only here.</summary>
internal sealed class Agenda
{
    private readonly PriorityQueue<Action, (long Ticks, long Entered)> _entries = new();
    private long _entered;

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset? Next => _entries.TryPeek(out _, out var key) ? new DateTimeOffset(key.Ticks, TimeSpan.Zero) : null;

    public void At(DateTimeOffset when, Action what) => _entries.Enqueue(what, (Math.Max(when.UtcTicks, Now.UtcTicks), ++_entered));

    public void In(TimeSpan time, Action what) => At(Now + time, what);

    /// <summary>Lets the next thing happen, and time pass until then. False when nothing is to happen.</summary>
    public bool Step()
    {
        if (!_entries.TryDequeue(out var what, out var key))
            return false;
        Now = new DateTimeOffset(key.Ticks, TimeSpan.Zero);
        what();
        return true;
    }
}
