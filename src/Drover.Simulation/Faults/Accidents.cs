using Drover.Hypervisors.Simulated;
using Drover.Policy.Model;
using Drover.Simulation.Clock;

namespace Drover.Simulation.Faults;

/// <summary>What happens to the hosts and the guests, drawn from the seed: agents and daemons die, the link is cut, users act by hand. At the end all is mended.</summary>
internal sealed class Accidents(Agenda agenda, Randomness random, SimulatedWorld world, Scenario scenario, TimeSpan until, Action<string, string> killAgent, Trace trace)
{
    private const int Most = 10;

    private readonly HashSet<Guid> _touched = [];

    /// <summary>Guests that somebody shut down, destroyed or crashed by hand.</summary>
    public IReadOnlySet<Guid> Touched => _touched;

    public void Prepare()
    {
        foreach (var what in Enumerable.Range(0, random.From(0, Most)).Select(_ => random.OneOf<Action>([KillAgent, KillAgent, StopDaemon, StopDaemon, CutLink, PauseGuest, ChangeLoad, EndGuest])))
            agenda.In(random.Between(TimeSpan.FromSeconds(3), until), what);
    }

    /// <summary>Daemons run, links carry, and an operator has resumed what a dead daemon left paused.</summary>
    public void MendEverything()
    {
        trace.Write("outside", "everything is mended");
        foreach (var host in world.Look().Hosts.Where(host => !host.DaemonRuns))
            world.StartDaemon(host.Name);
        world.MendLink("lan");
        agenda.In(TimeSpan.FromSeconds(5), ResumeWhatIsPaused);
    }

    private void ResumeWhatIsPaused()
    {
        var now = world.Look();
        foreach (var host in now.Hosts)
        {
            foreach (var guest in host.Guests.Where(guest => guest.State is { Power: GuestPower.Paused, Job: GuestJob.None }))
            {
                trace.Write("outside", $"an operator resumes {guest.Name} on {host.Name}");
                world.Resume(guest.Uuid, host.Name);
            }
        }
    }

    private void KillAgent() => killAgent(random.OneOf(scenario.World.Hosts).Name, "by somebody");

    private void StopDaemon()
    {
        var host = random.OneOf(scenario.World.Hosts).Name;
        if (!world.Look().Hosts.Single(h => h.Name == host).DaemonRuns)
            return;
        trace.Write("outside", $"libvirtd of {host} dies");
        world.StopDaemon(host);
        agenda.In(random.Seconds(0.5, 25), () =>
        {
            if (world.Look().Hosts.Single(h => h.Name == host).DaemonRuns)
                return;
            trace.Write("outside", $"libvirtd of {host} starts");
            world.StartDaemon(host);
        });
    }

    private void CutLink()
    {
        trace.Write("outside", "the link is cut");
        world.CutLink("lan");
        agenda.In(random.Seconds(1, 50), () =>
        {
            trace.Write("outside", "the link carries again");
            world.MendLink("lan");
        });
    }

    private void PauseGuest()
    {
        if (SomeRunningGuest() is not { } guest)
            return;
        trace.Write("outside", $"a user pauses {guest.Name}");
        world.Pause(guest.Uuid);
        agenda.In(random.Seconds(0.2, 20), () =>
        {
            var paused = world.Look().Hosts.SelectMany(host => host.Guests, (host, copy) => (host.Name, Copy: copy))
                .FirstOrDefault(copy => copy.Copy.Uuid == guest.Uuid && copy.Copy.State is { Power: GuestPower.Paused, Reason: PowerReason.User, Job: GuestJob.None });
            if (paused.Copy is null)
                return;
            trace.Write("outside", $"the user resumes {guest.Name}");
            world.Resume(guest.Uuid, paused.Name);
        });
    }

    private void ChangeLoad()
    {
        if (SomeRunningGuest() is not { } guest)
            return;
        var rate = random.From(0, 100);
        trace.Write("outside", $"{guest.Name} dirties {rate} MiB/s");
        world.SetLoad(guest.Uuid, hotSetBytes: 16 << 20, dirtyBytesPerSecond: (long)rate << 20);
    }

    private void EndGuest()
    {
        if (SomeRunningGuest() is not { } guest)
            return;
        _touched.Add(guest.Uuid);
        var (how, end) = random.OneOf<(string, Action)>([("shuts down", () => world.Shutdown(guest.Uuid)), ("is destroyed", () => world.Destroy(guest.Uuid)), ("crashes", () => world.Crash(guest.Uuid))]);
        trace.Write("outside", $"{guest.Name} {how}");
        end();
    }

    private GuestView? SomeRunningGuest()
    {
        var running = world.Look().Hosts.Where(host => host.DaemonRuns).SelectMany(host => host.Guests).Where(guest => guest.RunningVcpus > 0).ToList();
        return running.Count == 0 ? null : random.OneOf(running);
    }
}
