using Drover.Libvirt;

namespace Drover.Observer;

/// <summary>
/// Asks one host's libvirtd, over a connection of its own to its socket in the lab's folder: no link that a cell cuts lies between. A daemon that is stopped
/// holds the call, and the time line says "silent"; one that is dead is tried again.
/// </summary>
internal sealed class Libvirts(TimeLine line, string lab, string host)
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);
    private readonly HashSet<string> _known = [];
    private long _asked = TimeLine.Now;
    private volatile bool _stopping;

    /// <summary>On a thread of its own that nobody waits for: a stopped daemon may hold it for ever.</summary>
    public void Start() => new Thread(Ask) { IsBackground = true, Name = host }.Start();

    public void Stop() => _stopping = true;

    /// <summary>Whether the last question is answered; says so when it is not.</summary>
    public void LookAtTheClock()
    {
        if (TimeLine.Now - Interlocked.Read(ref _asked) > Silence.TotalMilliseconds)
            Say("silent");
    }

    private void Ask()
    {
        HostConnection? connection = null;
        using var pace = new ManualResetEventSlim();
        while (!_stopping)
        {
            var asked = TimeLine.Now;
            Interlocked.Exchange(ref _asked, asked);
            try
            {
                connection ??= HostConnection.Open($"qemu+unix:///system?socket={lab}/{host}/run/libvirt/libvirt-sock", TimeSpan.FromSeconds(5), 12);
                Look(connection);
                Say("answers");
                line.Add(new Seen { At = asked, What = "look", Host = host });
            }
            catch (LibvirtException e) when (e.IsConnectionLost || connection is null)
            {
                connection?.Dispose();
                connection = null;
                Say("away");
            }
            catch (LibvirtException)
            {
                // A guest that left between two questions: the next look sees.
            }
            pace.Wait(Observation.Every);
        }
    }

    private void Look(HostConnection connection)
    {
        HashSet<string> present = [];
        foreach (var guest in connection.ListGuests())
        {
            using (guest)
            {
                var (name, status) = (guest.Name, guest.ReadStatus());
                present.Add(name);
                line.Observe(new Seen { At = TimeLine.Now, What = "guest", Host = host, Guest = name, State = Word(status.State) });
            }
        }
        foreach (var gone in _known.Except(present))
            line.Observe(new Seen { At = TimeLine.Now, What = "guest", Host = host, Guest = gone, State = "gone" });
        _known.UnionWith(present);
    }

    private void Say(string state) => line.Observe(new Seen { At = TimeLine.Now, What = "libvirt", Host = host, State = state });

    private static string Word(GuestRunState state) => state switch
    {
        GuestRunState.Running or GuestRunState.Blocked => "running",
        GuestRunState.Paused => "paused",
        GuestRunState.ShutOff => "off",
        GuestRunState.Crashed => "crashed",
        GuestRunState.ShuttingDown => "shutting down",
        _ => "unknown",
    };
}
