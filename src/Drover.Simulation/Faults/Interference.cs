using Drover.Contracts.Agents;
using Drover.Hypervisors.Simulated;
using Drover.Simulation.Mail;
using Drover.Simulation.Roles;

namespace Drover.Simulation.Faults;

/// <summary>What happens just when an order has been given: the instants at which little is known, which chance alone seldom hits.</summary>
internal sealed class Interference(Course course, SimulatedWorld world, Agents agents, Accidents accidents, OldBackup backup)
{
    /// <summary>A coordinator has committed, and this is on its way.</summary>
    public void Sent(IReadOnlyList<Letter> letters)
    {
        if (course.Profile == Profile.Ordinary || !course.Disturbed)
            return;
        foreach (var letter in letters)
            Sent(letter.Body);
    }

    private void Sent(object order)
    {
        switch (course.Profile, order)
        {
            case (Profile.OldBackup, CheckSource) when course.Random.Happens(0.4):
                backup.BackUpAndRestore(course.Random.Seconds(0.5, 20));
                break;
            case (Profile.LateMail, BeginTransfer begin) when course.Random.Happens(0.3) && Running(begin.GuestUuid) is { } guest:
                accidents.Pause(guest);
                break;
            case (Profile.Hands, CheckSource check) when course.Random.Happens(0.1) && Running(check.GuestUuid) is { } guest:
                accidents.End(guest);
                break;
            case (Profile.Hands, BeginTransfer begin) when course.Random.Happens(0.4) && Running(begin.GuestUuid) is { } guest:
                agents.Kill(begin.Source, "just before it is to begin a transfer");
                if (course.Random.Happens(0.7))
                    accidents.Move(guest, begin.Destination);
                else
                    accidents.End(guest);
                break;
        }
    }

    private GuestView? Running(Guid guest) =>
        world.Look().Hosts.Where(host => host.DaemonRuns).SelectMany(host => host.Guests).FirstOrDefault(copy => copy.Uuid == guest && copy.RunningVcpus > 0);
}
