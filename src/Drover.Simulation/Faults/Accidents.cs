using Drover.Hypervisors;
using Drover.Hypervisors.Simulated;
using Drover.Policy.Model;
using Drover.Simulation.Mail;
using Drover.Simulation.Roles;

namespace Drover.Simulation.Faults;

/// <summary>What happens to the hosts and the guests, drawn from the seed: agents and daemons die, the link is cut, users act by hand. At the end all is mended.</summary>
internal sealed class Accidents(Course course, SimulatedWorld world, Scenario scenario, Agents agents, Action<Letter> post)
{
    private const int Most = 10;

    private readonly HashSet<Guid> _touched = [];

    private readonly HashSet<Guid> _movedByHand = [];

    /// <summary>Until then hosts may be off.</summary>
    public TimeSpan PowerUntil { get; private set; }

    /// <summary>Whether somebody has moved a guest with virsh.</summary>
    public bool MovedByHand(Guid guest) => _movedByHand.Contains(guest);

    /// <summary>Guests that somebody shut down, destroyed, crashed or moved by hand, or that were on a host when its power went.</summary>
    public IReadOnlySet<Guid> Touched => _touched;

    public void Prepare()
    {
        foreach (var what in Enumerable.Range(0, course.Random.From(0, Most)).Select(_ => course.Random.OneOf<Action>([KillAgent, KillAgent, StopDaemon, StopDaemon, CutLink, PauseGuest, ChangeLoad, EndGuest, MoveByHand])))
            course.Agenda.In(course.Random.Between(TimeSpan.FromSeconds(3), Course.Mended), what);
    }

    /// <summary>One host loses its power in some seeds; an operator confirms it once it is silent, and it comes back.</summary>
    public void PreparePowerCut()
    {
        if (!course.Random.Happens(0.12))
            return;
        var host = course.Random.OneOf(scenario.World.Hosts).Name;
        var (off, confirmed, back) = (course.Random.Seconds(5, 50), TimeSpan.FromSeconds(75), course.Random.Seconds(80, 140));
        PowerUntil = off + back;
        course.Agenda.In(off, () =>
        {
            course.Trace.Write("outside", $"{host} loses its power");
            foreach (var guest in world.Look().Hosts.Single(h => h.Name == host).Guests)
                _touched.Add(guest.Uuid);
            agents.Power(host, false);
            world.StopHost(host);
        });
        course.Agenda.In(off + confirmed, () => post(scenario.ConfirmDown(host)));
        course.Agenda.In(off + back, () =>
        {
            course.Trace.Write("outside", $"{host} has its power again");
            world.StartHost(host);
            agents.Power(host, true);
        });
    }

    /// <summary>What Drover does not know of (moved by hand, or forgotten with a restored database) may not converge, and nobody else will stop it.</summary>
    /// <param name="isKnown">Whether Drover has an unfinished migration of the guest.</param>
    public void EndForeign(Func<Guid, bool> isKnown)
    {
        foreach (var transfer in world.Look().Transfers.Where(transfer => !isKnown(transfer.Guest)))
        {
            course.Trace.Write("outside", $"an operator stops a foreign migration from {transfer.Source}");
            _ = Passed(world.Hypervisor(transfer.Source).AbortAsync(transfer.Guest, CancellationToken.None));
        }
    }

    private void MoveByHand()
    {
        if (SomeRunningGuest() is not { } guest)
            return;
        Move(guest, course.Random.OneOf(scenario.World.Hosts).Name);
    }

    /// <summary>A user moves a running guest with virsh.</summary>
    public void Move(GuestView guest, string to)
    {
        var from = world.Look().Hosts.First(host => host.Guests.Any(copy => copy.Uuid == guest.Uuid && copy.RunningVcpus > 0)).Name;
        if (to == from || world.Look().Transfers.Any(transfer => transfer.Guest == guest.Uuid))
            return;
        _touched.Add(guest.Uuid);
        _movedByHand.Add(guest.Uuid);
        course.Trace.Write("outside", $"a user moves {guest.Name} from {from} to {to} with virsh");
        _ = Passed(world.Hypervisor(from).TransferAsync(new TransferPlan { Guest = guest.Uuid, PeerUri = SimulatedWorld.PeerUri(to), Persistent = true }, CancellationToken.None));
    }

    // Whatever becomes of it, the user does not tell.
    private static async Task Passed(Task work)
    {
        try
        {
            await work;
        }
        catch (HypervisorException)
        {
        }
    }

    /// <summary>Daemons run, links carry, and an operator has resumed what a dead daemon left paused.</summary>
    public void MendEverything()
    {
        course.Trace.Write("outside", "everything is mended");
        foreach (var host in world.Look().Hosts.Where(host => host is { On: true, DaemonRuns: false }))
            world.StartDaemon(host.Name);
        world.MendLink("lan");
        course.Agenda.In(TimeSpan.FromSeconds(5), ResumeWhatIsPaused);
    }

    private void ResumeWhatIsPaused()
    {
        var now = world.Look();
        foreach (var host in now.Hosts)
        {
            foreach (var guest in host.Guests.Where(guest => guest.State is { Power: GuestPower.Paused, Job: GuestJob.None }))
            {
                course.Trace.Write("outside", $"an operator resumes {guest.Name} on {host.Name}");
                world.Resume(guest.Uuid, host.Name);
            }
        }
    }

    private void KillAgent() => agents.Kill(course.Random.OneOf(scenario.World.Hosts).Name, "by somebody");

    private void StopDaemon()
    {
        var host = course.Random.OneOf(scenario.World.Hosts).Name;
        if (!world.Look().Hosts.Single(h => h.Name == host).DaemonRuns)
            return;
        course.Trace.Write("outside", $"libvirtd of {host} dies");
        world.StopDaemon(host);
        course.Agenda.In(course.Random.Seconds(0.5, 25), () =>
        {
            if (world.Look().Hosts.Single(h => h.Name == host).DaemonRuns)
                return;
            course.Trace.Write("outside", $"libvirtd of {host} starts");
            world.StartDaemon(host);
        });
    }

    private void CutLink()
    {
        course.Trace.Write("outside", "the link is cut");
        world.CutLink("lan");
        course.Agenda.In(course.Random.Seconds(1, 50), () =>
        {
            course.Trace.Write("outside", "the link carries again");
            world.MendLink("lan");
        });
    }

    private void PauseGuest()
    {
        if (SomeRunningGuest() is { } guest)
            Pause(guest);
    }

    /// <summary>A user pauses a running guest for a while.</summary>
    public void Pause(GuestView guest)
    {
        course.Trace.Write("outside", $"a user pauses {guest.Name}");
        world.Pause(guest.Uuid);
        course.Agenda.In(course.Random.Seconds(0.2, 20), () =>
        {
            var paused = world.Look().Hosts.SelectMany(host => host.Guests, (host, copy) => (host.Name, Copy: copy))
                .FirstOrDefault(copy => copy.Copy.Uuid == guest.Uuid && copy.Copy.State is { Power: GuestPower.Paused, Reason: PowerReason.User, Job: GuestJob.None });
            if (paused.Copy is null)
                return;
            course.Trace.Write("outside", $"the user resumes {guest.Name}");
            world.Resume(guest.Uuid, paused.Name);
        });
    }

    private void ChangeLoad()
    {
        if (SomeRunningGuest() is not { } guest)
            return;
        var rate = course.Random.From(0, 100);
        course.Trace.Write("outside", $"{guest.Name} dirties {rate} MiB/s");
        world.SetLoad(guest.Uuid, hotSetBytes: 16 << 20, dirtyBytesPerSecond: (long)rate << 20);
    }

    private void EndGuest()
    {
        if (SomeRunningGuest() is { } guest)
            End(guest);
    }

    /// <summary>A running guest shuts down, crashes, or is destroyed.</summary>
    public void End(GuestView guest)
    {
        _touched.Add(guest.Uuid);
        var (how, end) = course.Random.OneOf<(string, Action)>([("shuts down", () => world.Shutdown(guest.Uuid)), ("is destroyed", () => world.Destroy(guest.Uuid)), ("crashes", () => world.Crash(guest.Uuid))]);
        course.Trace.Write("outside", $"{guest.Name} {how}");
        end();
    }

    private GuestView? SomeRunningGuest()
    {
        var running = world.Look().Hosts.Where(host => host.DaemonRuns).SelectMany(host => host.Guests).Where(guest => guest.RunningVcpus > 0).ToList();
        return running.Count == 0 ? null : course.Random.OneOf(running);
    }
}
