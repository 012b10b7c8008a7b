namespace Drover.Simulation.Clock;

/// <summary>The one thread: what became ready and waits for its turn. Whatever comes from another thread has left the simulation, and is an error.</summary>
internal sealed class OneThread
{
    private readonly Queue<(Process Process, SendOrPostCallback Callback, object? State)> _ready = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private volatile string? _stranger;

    public void Post(Process process, SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != _thread)
            _stranger ??= $"{process.Name}: a continuation came from another thread, so the order of things is not the seed's any more:{Environment.NewLine}{Environment.StackTrace}";
        else if (process.Alive)
            _ready.Enqueue((process, callback, state));
    }

    /// <summary>Runs what is ready until nothing is.</summary>
    public void Drain()
    {
        while (_ready.TryDequeue(out var next))
        {
            if (next.Process.Alive)
                next.Process.Run(() => next.Callback(next.State));
        }

        if (_stranger is { } stranger)
            throw new InvalidOperationException(stranger);
    }
}
