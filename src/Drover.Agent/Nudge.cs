namespace Drover.Agent;

/// <summary>
/// Wakes a loop before its time. Nudges given while nobody waits count as one. Made of one task and one timer, so that a loop goes on where its
/// synchronization context says, and nowhere else: the deterministic simulation runs agents on one thread.
/// </summary>
internal sealed class Nudge(TimeProvider time)
{
    private readonly Lock _lock = new();
    private bool _given;
    private TaskCompletionSource? _waiting;

    /// <summary>Wakes the loop that waits, or the next that will.</summary>
    public void Give()
    {
        lock (_lock)
        {
            _given = true;
            _waiting?.TrySetResult();
        }
    }

    /// <summary>Returns when nudged or when the time is over: true when nudged. Throws when cancelled. One loop waits at a time.</summary>
    public async Task<bool> Wait(TimeSpan longest, CancellationToken stopping)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_given)
                over.SetResult();
            _waiting = over;
        }
        using var timer = time.CreateTimer(End, over, longest, Timeout.InfiniteTimeSpan);
        using var stop = stopping.Register(End, over);
        await over.Task;
        stopping.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var given = _given;
            _given = false;
            return given;
        }
    }

    private static void End(object? over) => ((TaskCompletionSource)over!).TrySetResult();
}
