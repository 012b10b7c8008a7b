using Drover.Libvirt.Imports;

namespace Drover.Libvirt;

/// <summary>
/// Libvirt's library, made ready once per process and before the first connection: errors kept off stderr, and the event loop turning on a thread of its
/// own. Before it, any call into libvirt may crash the process (its last error has no place yet); without it neither events nor keepalive work. The loop wakes by itself when a connection comes or goes; its thread never keeps the process alive.
/// </summary>
internal static unsafe class EventLoop
{
    private static readonly TimeSpan s_pauseAfterFailure = TimeSpan.FromSeconds(1);
    private static readonly Lazy<Thread> s_thread = new(Start);

    internal static void EnsureRunning() => _ = s_thread.Value;

    private static Thread Start()
    {
        LibvirtException.Check(Native.virInitialize());
        Native.virSetErrorFunc(0, Callbacks.IgnoreError);
        LibvirtException.Check(Native.virEventRegisterDefaultImpl());
        var thread = new Thread(Turn) { IsBackground = true, Name = "libvirt events" };
        thread.Start();
        return thread;
    }

    private static void Turn()
    {
        while (true)
        {
            if (Native.virEventRunDefaultImpl() < 0)
            {
                Thread.Sleep(s_pauseAfterFailure); // A loop that fails at once must not take a processor.
            }
        }
    }
}
