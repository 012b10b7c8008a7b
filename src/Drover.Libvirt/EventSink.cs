using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Drover.Libvirt;

/// <summary>
/// Where callbacks find their connection's channel. C is given a number, never an address of ours: a callback that comes late finds nothing and does
/// nothing, and the collector may move or take what it likes.
/// </summary>
internal sealed class EventSink(ChannelWriter<HostEvent> events)
{
    private static readonly ConcurrentDictionary<nint, EventSink> s_sinks = new();
    private static long s_last;

    internal static int Registered => s_sinks.Count;

    internal static nint Register(EventSink sink)
    {
        var id = (nint)Interlocked.Increment(ref s_last);
        s_sinks[id] = sink;
        return id;
    }

    internal static void Unregister(nint id) => s_sinks.TryRemove(id, out _);

    internal static EventSink? Find(nint id) => s_sinks.GetValueOrDefault(id);

    internal void Write(HostEvent happened) => events.TryWrite(happened);

    internal void Close(string reason) => events.TryComplete(LibvirtException.ConnectionLost(reason));
}
