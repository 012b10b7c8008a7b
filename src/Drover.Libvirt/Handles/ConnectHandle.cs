using System.Runtime.InteropServices;
using Drover.Libvirt.Imports;

namespace Drover.Libvirt.Handles;

/// <summary>
/// A virConnectPtr and the callbacks registered on it. A registered callback keeps the connection alive inside libvirt, so that releasing means
/// taking the callbacks off first; a call in progress on another thread keeps the handle, so that release waits for it.
/// </summary>
internal sealed unsafe class ConnectHandle() : SafeHandle(0, ownsHandle: true)
{
    private const int EveryCell = -1; // VIR_NODE_MEMORY_STATS_ALL_CELLS
    private static int s_open;
    private readonly List<int> _eventCallbacks = [];
    private nint _sink;
    private bool _closeCallback;

    /// <summary>Connections that are open in this process: the leak test counts them.</summary>
    internal static int Open => Volatile.Read(ref s_open);

    public override bool IsInvalid => handle == 0;

    internal static ConnectHandle OpenUri(string uri)
    {
        var connection = Native.virConnectOpen(uri);
        if (connection.IsInvalid)
        {
            throw LibvirtException.Last();
        }

        Interlocked.Increment(ref s_open);
        return connection;
    }

    /// <summary>Sends everything that happens on this connection into the sink. Once per connection, before it is shared.</summary>
    internal void Watch(EventSink sink)
    {
        _sink = EventSink.Register(sink);
        LibvirtException.Check(Native.virConnectRegisterCloseCallback(this, Callbacks.Closed, _sink, null));
        _closeCallback = true;
        foreach (var (id, callback) in Callbacks.Events)
        {
            _eventCallbacks.Add(LibvirtException.Check(Native.virConnectDomainEventRegisterAny(this, 0, id, (void*)callback, _sink, null)));
        }
    }

    /// <summary>The host's memory, by libvirt's names ("total", "free", "buffers", "cached").</summary>
    internal IReadOnlyList<(string Name, long KiB)> MemoryStats()
    {
        var count = 0;
        LibvirtException.Check(Native.virNodeGetMemoryStats(this, EveryCell, null, ref count, flags: 0));
        var stats = new Native.MemoryStat[count];
        fixed (Native.MemoryStat* first = stats)
        {
            LibvirtException.Check(Native.virNodeGetMemoryStats(this, EveryCell, first, ref count, flags: 0));
            var read = new (string, long)[count];
            for (var i = 0; i < count; i++)
            {
                read[i] = (Marshal.PtrToStringUTF8((nint)first[i].Field) ?? "", (long)first[i].Value);
            }

            return read;
        }
    }

    protected override bool ReleaseHandle()
    {
        foreach (var id in _eventCallbacks)
        {
            _ = Native.virConnectDomainEventDeregisterAny(handle, id);
        }

        if (_closeCallback)
        {
            _ = Native.virConnectUnregisterCloseCallback(handle, Callbacks.Closed);
        }

        EventSink.Unregister(_sink);
        Interlocked.Decrement(ref s_open);
        return Native.virConnectClose(handle) >= 0;
    }
}
