namespace Drover.Agent;

/// <summary>Wakes a loop before its time. Nudges given while nobody waits count as one. One loop waits at a time.</summary>
internal sealed class Nudge(TimeProvider time)
{
    private readonly Lock _lock = new();
    private TaskCompletionSource<bool>? _waiter;
    private bool _given;

    /// <summary>Wakes the loop that waits, or the next that will.</summary>
    public void Give()
    {
        lock (_lock)
        {
            _given = true;
            _waiter?.TrySetResult(true);
        }
    }

    /// <summary>Returns when nudged or when the time is over: true when nudged. Throws when cancelled.</summary>
    public async Task<bool> Wait(TimeSpan longest, CancellationToken stopping)
    {
        // One source for nudge, time and cancellation, and no Task.WhenAny: the loop goes on in its own synchronization context and nowhere else.
        var waiter = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiter = waiter;
            if (_given)
                waiter.SetResult(true);
        }

        using (stopping.Register(() => waiter.TrySetCanceled(stopping)))
        using (time.CreateTimer(_ => waiter.TrySetResult(false), null, longest, Timeout.InfiniteTimeSpan))
        {
            await waiter.Task;
        }

        lock (_lock)
        {
            (_waiter, var given) = (null, _given);
            _given = false;
            return given;
        }
    }
}
