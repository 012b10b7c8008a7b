using Drover.Simulation.Mail;
using Drover.Simulation.Roles;

namespace Drover.Simulation.Faults;

/// <summary>The broker is away for an hour: no letter comes or goes, for any role.</summary>
internal sealed class Outage(Course course, PostOffice office, Agents agents)
{
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    /// <summary>When it is back; zero when it is never away.</summary>
    public TimeSpan Over { get; private set; }

    public void Prepare()
    {
        if (course.Profile != Profile.BrokerAway)
            return;
        var away = course.Random.Seconds(5, 45);
        Over = away + _hour;
        course.Agenda.In(away, () =>
        {
            course.Trace.Write("broker", "is away");
            course.BrokerAway = true;
            agents.Disconnect();
        });
        course.Agenda.In(Over, () =>
        {
            course.BrokerAway = false;
            course.Trace.Write("broker", $"is back; {office.Waiting} letters waited for it");
            agents.Connect();
            office.Return();
        });
    }
}
