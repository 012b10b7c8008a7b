using Drover.Bus;
using Drover.Simulation.Invariants;
using Drover.Simulation.Mail;
using Microsoft.EntityFrameworkCore;

namespace Drover.Simulation.Roles;

/// <summary>The coordinators' side: who runs, who was killed or stopped and when, and the letters that wait meanwhile.</summary>
/// <param name="course">The course.</param>
/// <param name="database">Their database.</param>
/// <param name="scenario">The limits of the site.</param>
/// <param name="observer">Looks at the world after each commit.</param>
/// <param name="alarms">The scheduler, whose queue is theirs.</param>
/// <param name="post">Where what they send goes, and how long it is held.</param>
/// <param name="sent">Is told what was sent with a commit.</param>
internal sealed class Coordinators(
    Course course, SimulatedDatabase database, Scenario scenario, WorldObserver observer, Alarms alarms, Action<Letter, TimeSpan> post, Action<IReadOnlyList<Letter>> sent)
{
    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(2);

    private readonly List<CoordinatorRun> _runs = [.. (course.Profile == Profile.TwoCoordinators ? ["coordinator", "coordinator-2"] : new[] { "coordinator" }).Select(name => new CoordinatorRun(name))];
    private readonly HashSet<(Guid, string)> _inbox = [];
    private readonly List<Letter> _waiting = [];

    /// <summary>Whether one works.</summary>
    public bool Work => _runs.Exists(run => run.Works);

    /// <summary>What was handled; restored with the database.</summary>
    public HashSet<(Guid Id, string Queue)> Inbox => _inbox;

    public void Start() => _runs.ForEach(Start);

    /// <summary>Kills all that run. They come back.</summary>
    public void Kill(string when)
    {
        foreach (var run in _runs.Where(run => run.Program is not null))
            Kill(run, when);
    }

    public void Arrive(Letter letter)
    {
        switch (_runs.FindAll(run => run.Works))
        {
            case []:
                _waiting.Add(letter);
                break;
            case [var only]:
                Handle(only, letter);
                break;
            case var some:
                Handle(course.Random.OneOf(some), letter);
                break;
        }
    }

    /// <summary>Looks, and goes on looking.</summary>
    public void Look()
    {
        // A look that finds nothing changes nothing: it is not worth its time here.
        foreach (var run in _runs.Where(run => run.Works && database.SomethingIsDue(course.Agenda.Now)))
        {
            foreach (var letter in run.Program!.Look())
                post(letter, TimeSpan.Zero);
        }

        course.Agenda.In(_lookEvery, Look);
    }

    private void Start(CoordinatorRun run)
    {
        run.Program = new SimulatedCoordinator(database, _inbox, course, scenario.OutLimit, scenario.InLimit);
        course.Trace.Write(run.Name, "starts");
        foreach (var letter in run.Program.Start())
            post(letter, TimeSpan.Zero);
        TakeWhatWaited();
    }

    private void TakeWhatWaited()
    {
        alarms.CatchUp();
        var waiting = _waiting.ToList();
        _waiting.Clear();
        waiting.ForEach(Arrive);
    }

    private void Kill(CoordinatorRun run, string when)
    {
        course.Trace.Write(run.Name, $"is killed {when}");
        (run.Program, run.Stopped) = (null, false);
        course.Agenda.In(course.Random.Seconds(0.5, 20), () => Start(run));
    }

    private void Handle(CoordinatorRun run, Letter letter)
    {
        if (course.Disturbed && course.Random.Happens(0.01))
        {
            HandleOnce(run, letter, commit: false);
            Kill(run, $"before the commit of {course.Describe(letter)}");
            Arrive(letter);
        }
        else if (course is { Profile: Profile.TwoCoordinators, Disturbed: true } && letter.Queue != Queues.Schedules && course.Random.Happens(0.05))
            Stop(run, letter);
        else
            Committed(run, letter, HandleOnce(run, letter, commit: true));
    }

    private void Committed(CoordinatorRun run, Letter letter, IReadOnlyList<Letter>? letters)
    {
        course.Trace.Write(run.Name, $"{(letters is null ? "has had" : "takes")} {course.Describe(letter)}");
        course.Require(RowsAreSound.Violations(database));
        course.Require(observer.EndedAndMoving());
        if (letters is null)
            return;
        var killed = course.Disturbed && course.Random.Happens(0.01);
        foreach (var next in letters)
            post(next, killed ? course.Random.Seconds(10, 40) : TimeSpan.Zero);   // the sweeper finds them
        if (killed)
        {
            Kill(run, $"after the commit of {course.Describe(letter)}");
            Arrive(letter);
        }

        sent(letters);
    }

    // It has read its rows, and then time passes for all but it. The broker may take its letter for lost meanwhile, and give it to the other one.
    private void Stop(CoordinatorRun run, Letter letter)
    {
        var begun = run.Program!.Begin();
        run.Stopped = true;
        course.Trace.Write(run.Name, $"is stopped in the middle of {course.Describe(letter)}");
        if (course.Random.Happens(0.3))
            course.Agenda.In(course.Random.Seconds(0.01, 60), () => Arrive(letter));
        var program = run.Program;
        course.Agenda.In(course.Random.Happens(0.5) ? course.Random.Milliseconds(5, 500) : course.Random.Seconds(1, 60), () =>
        {
            if (run.Program == program)
                GoOn(run, letter, begun);
            else
                Arrive(letter);     // it was killed where it stood
        });
    }

    private void GoOn(CoordinatorRun run, Letter letter, object begun)
    {
        run.Stopped = false;
        try
        {
            Committed(run, letter, run.Program!.Handle(letter, commit: true, begun));
        }
        catch (DbUpdateException error)
        {
            // Another one was faster: the row has another version, or the event's number is taken. The endpoint tries again.
            course.Trace.Write(run.Name, $"goes on and loses {course.Describe(letter)}: {(error is DbUpdateConcurrencyException ? "the row's version" : "a number that is taken")}");
            Arrive(letter);
        }

        TakeWhatWaited();
    }

    // A schedule is armed in the scheduler's own database, before the commit of its inbox row.
    private IReadOnlyList<Letter>? HandleOnce(CoordinatorRun run, Letter letter, bool commit)
    {
        if (letter.Queue != Queues.Schedules)
            return run.Program!.Handle(letter, commit);
        if (_inbox.Contains((letter.Id, letter.Queue)))
            return null;
        alarms.Take(letter);
        if (commit)
            _inbox.Add((letter.Id, letter.Queue));
        return [];
    }
}
