using Drover.Bus;
using Drover.Simulation.Invariants;
using Drover.Simulation.Mail;

namespace Drover.Simulation.Roles;

/// <summary>The coordinators' side: who runs, who was killed and when, and the letters that wait meanwhile.</summary>
/// <param name="course">The course.</param>
/// <param name="database">Their database.</param>
/// <param name="scenario">The limits of the site.</param>
/// <param name="observer">Looks at the world after each commit.</param>
/// <param name="alarms">The scheduler, whose queue is theirs.</param>
/// <param name="post">Where what they send goes, and how long it is held.</param>
internal sealed class Coordinators(Course course, SimulatedDatabase database, Scenario scenario, WorldObserver observer, Alarms alarms, Action<Letter, TimeSpan> post)
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(2);

    private readonly HashSet<(Guid, string)> _inbox = [];
    private readonly List<Letter> _waiting = [];
    private SimulatedCoordinator? _coordinator;

    /// <summary>Whether one runs.</summary>
    public bool Run => _coordinator is not null;

    /// <summary>What was handled; restored with the database.</summary>
    public HashSet<(Guid Id, string Queue)> Inbox => _inbox;

    public void Start()
    {
        _coordinator = new SimulatedCoordinator(database, _inbox, course, scenario.OutLimit, scenario.InLimit);
        course.Trace.Write("coordinator", "starts");
        foreach (var letter in _coordinator.Start())
            post(letter, TimeSpan.Zero);
        alarms.CatchUp();
        var waiting = _waiting.ToList();
        _waiting.Clear();
        waiting.ForEach(Arrive);
    }

    public void Kill(string when)
    {
        course.Trace.Write("coordinator", $"is killed {when}");
        _coordinator = null;
        course.Agenda.In(course.Random.Seconds(0.5, 20), Start);
    }

    public void Arrive(Letter letter)
    {
        if (_coordinator is null)
            _waiting.Add(letter);
        else
            Handle(letter);
    }

    /// <summary>Looks, and goes on looking.</summary>
    public void Look()
    {
        // A look that finds nothing changes nothing: it is not worth its time here.
        if (_coordinator is { } coordinator && database.SomethingIsDue(course.Agenda.Now))
        {
            foreach (var letter in coordinator.Look())
                post(letter, TimeSpan.Zero);
        }

        course.Agenda.In(_lookEvery, Look);
    }

    private void Handle(Letter letter)
    {
        if (course.Disturbed && course.Random.Happens(0.01))
        {
            HandleOnce(letter, commit: false);
            Kill($"before the commit of {course.Describe(letter)}");
            _waiting.Add(letter);
            return;
        }

        var sent = HandleOnce(letter, commit: true);
        course.Trace.Write("coordinator", $"{(sent is null ? "has had" : "takes")} {course.Describe(letter)}");
        course.Require(RowsAreSound.Violations(database));
        course.Require(observer.EndedAndMoving());
        if (sent is null)
            return;
        var killed = course.Disturbed && course.Random.Happens(0.01);
        foreach (var next in sent)
            post(next, killed ? course.Random.Seconds(10, 40) : TimeSpan.Zero);   // the sweeper finds them
        if (killed)
        {
            Kill($"after the commit of {course.Describe(letter)}");
            _waiting.Add(letter);
        }
    }

    // A schedule is armed in the scheduler's own database, before the commit of its inbox row.
    private IReadOnlyList<Letter>? HandleOnce(Letter letter, bool commit)
    {
        if (letter.Queue != Queues.Schedules)
            return _coordinator!.Handle(letter, commit);
        if (_inbox.Contains((letter.Id, letter.Queue)))
            return null;
        alarms.Take(letter);
        if (commit)
            _inbox.Add((letter.Id, letter.Queue));
        return [];
    }
}
