using System.Threading.Channels;

namespace Drover.Agent;

/// <summary>Wakes a loop before its time. Nudges given while nobody waits count as one.</summary>
internal sealed class Nudge(TimeProvider time)
{
    private readonly Channel<bool> _nudges = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Wakes the loop that waits, or the next that will.</summary>
    public void Give() => _nudges.Writer.TryWrite(true);

    /// <summary>Returns when nudged or when the time is over: true when nudged. Throws when cancelled.</summary>
    public async Task<bool> Wait(TimeSpan longest, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var nudged = _nudges.Reader.WaitToReadAsync(over.Token).AsTask();
        await Task.WhenAny(nudged, Task.Delay(longest, time, over.Token));
        await over.CancelAsync();
        stopping.ThrowIfCancellationRequested();
        return _nudges.Reader.TryRead(out _);
    }
}
