using Drover.Hypervisors.Simulated.Transitions;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Simulated;

/// <summary>
/// Hands that no agent has: a user's at a guest, the guest's own, and fate's. Those on a guest take the host where it runs, unless one is named. They throw
/// <see cref="ArgumentException"/> for a host, link or guest that is not in the plan, and <see cref="InvalidOperationException"/> where the state does not allow it.
/// </summary>
public sealed partial class SimulatedWorld
{
    /// <summary>The guest shuts down from within.</summary>
    public void Shutdown(Guid guest, string? host = null) => Act(change => Hands.End(change, guest, host, PowerReason.Shutdown));

    /// <summary>A user destroys the guest.</summary>
    public void Destroy(Guid guest, string? host = null) => Act(change => Hands.End(change, guest, host, PowerReason.Destroyed));

    /// <summary>The guest crashes.</summary>
    public void Crash(Guid guest, string? host = null) => Act(change => Hands.End(change, guest, host, PowerReason.Crashed));

    /// <summary>A user pauses the guest. While it moves it converges at once; its destination, or an abort, makes it run again.</summary>
    public void Pause(Guid guest, string? host = null) => Act(change => Hands.Pause(change, guest, host));

    /// <summary>A user resumes a paused guest.</summary>
    public void Resume(Guid guest, string? host = null) => Act(change => Hands.Resume(change, guest, host));

    /// <summary>A user starts a guest that is off, on a host that has its definition. Nothing asks whether it runs elsewhere: there is no lock on its disks.</summary>
    public void Start(Guid guest, string host) => Act(change => Hands.Start(change, guest, host));

    /// <summary>The guest's work changes.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="hotSetBytes">What it writes to, at most its non-zero bytes.</param>
    /// <param name="dirtyBytesPerSecond">How fast.</param>
    public void SetLoad(Guid guest, long hotSetBytes, long dirtyBytesPerSecond) => Act(change => Hands.SetLoad(change, guest, hotSetBytes, dirtyBytesPerSecond));

    /// <summary>Whether QEMU may slow the guest down (auto-converge) in transfers that begin from now on; as at libvirt, not in one that runs.</summary>
    public void AllowThrottle(Guid guest, bool allowed) => Act(change => change.Set(guest, change.State.Loads[_map.Guest(guest).Uuid] with { AutoConverge = allowed }));

    /// <summary>Switches a guest in pre-copy to post-copy. False when it is not in pre-copy.</summary>
    public bool StartPostCopy(Guid guest) => Do(change => PostCopies.Start(change, guest));

    /// <summary>Goes on with a post-copy that broke. False when there is none, or its hosts cannot reach each other.</summary>
    public bool ResumePostCopy(Guid guest) => Do(change => PostCopies.Resume(change, guest));

    /// <summary>A host's libvirt daemon is killed. Guests run on.</summary>
    public void StopDaemon(string host) => Act(change => Deaths.StopDaemon(change, _map.Host(host).Name));

    /// <summary>A host's libvirt daemon comes back and sees to what it left.</summary>
    public void StartDaemon(string host) => Act(change => Deaths.StartDaemon(change, _map.Host(host).Name));

    /// <summary>
    /// The next time a guest arrives on this host, the daemon resumes it and dies before it says so: its source resumes its own, and two copies run. It never
    /// happens unless asked for.
    /// </summary>
    public void DieBeforeAnswering(string host)
        => Act(change => change.Set(host, change.Host(_map.Host(host).Name) with { DiesBeforeAnswering = change.Host(host).DaemonRuns }));

    /// <summary>A host loses its power, and with it what ran there.</summary>
    public void StopHost(string host) => Act(change => Deaths.StopHost(change, _map.Host(host).Name));

    /// <summary>A host starts, with its daemon; its guests stay off.</summary>
    public void StartHost(string host) => Act(change => Deaths.StartHost(change, _map.Host(host).Name));

    /// <summary>Nothing passes a link any more. Pre-copy gives up after 30 s; post-copy fails.</summary>
    public void CutLink(string link) => Act(change => Deaths.CutLink(change, Known(link)));

    /// <summary>A link that was cut carries again.</summary>
    public void MendLink(string link) => Act(change => Deaths.MendLink(change, Known(link)));

    private string Known(string link)
        => _map.Plan.Links.Any(one => one.Name == link) ? link : throw new ArgumentException($"this world has no link \"{link}\"", nameof(link));

    private void Act(Action<Change> act) => Do(change =>
    {
        act(change);
        return true;
    });
}
