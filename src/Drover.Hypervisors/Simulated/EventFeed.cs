namespace Drover.Hypervisors.Simulated;

/// <summary>
/// What one listener has not read yet: bounded, the oldest dropped. The world's lock guards it; who waits is woken after the lock is left, on the thread that
/// made it happen, so that a simulation in virtual time stays on one thread.
/// </summary>
internal sealed class EventFeed(string host)
{
    /// <summary>As many as libvirt's listeners hold.</summary>
    private const int Capacity = 1024;

    private readonly Queue<HypervisorEvent> _unread = [];
    private TaskCompletionSource? _waiting;
    private bool _over;

    internal string Host { get; } = host;

    /// <summary>Adds an event; returns who is to be woken.</summary>
    internal TaskCompletionSource? Add(HypervisorEvent what)
    {
        if (_unread.Count == Capacity)
            _unread.Dequeue();
        _unread.Enqueue(what);
        return TakeWaiting();
    }

    /// <summary>Nothing comes any more; returns who is to be woken.</summary>
    internal TaskCompletionSource? End()
    {
        _over = true;
        return TakeWaiting();
    }

    /// <summary>The next event; or none and a task to wait for; or none and no task, when nothing comes any more.</summary>
    internal (HypervisorEvent? Next, Task? Wait) Take()
    {
        if (_unread.TryDequeue(out var next))
            return (next, null);
        if (_over)
            return (null, null);
        _waiting ??= new TaskCompletionSource();
        return (null, _waiting.Task);
    }

    private TaskCompletionSource? TakeWaiting()
    {
        var waiting = _waiting;
        _waiting = null;
        return waiting;
    }
}
