using System.Security.Cryptography;
using System.Text;
using Drover.Bus;
using Drover.Hypervisors.Simulated;
using Drover.Simulation.Faults;
using Drover.Simulation.Invariants;
using Drover.Simulation.Mail;
using Drover.Simulation.Roles;

namespace Drover.Simulation;

/// <summary>
/// One seed: a small site, what is asked of it, and what goes wrong, on one thread in virtual time. The coordinator's sagas and consumers, the agents and the
/// decisions are the real ones; the broker, the clock and the hypervisors are simulated. Everything that must be true is checked after each step.
/// </summary>
internal sealed class Simulation : IDisposable
{
    /// <summary>Then everything that still runs is asked to stop: a guest may dirty its memory for ever.</summary>
    private static readonly TimeSpan _cancelled = TimeSpan.FromSeconds(100);

    /// <summary>Until then a letter may be on its way that was sent while things went wrong.</summary>
    private static readonly TimeSpan _arrived = Course.Mended + PostOffice.Latest;

    /// <summary>By then everything must have ended.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(20);

    /// <summary>When all has ended, this is enough for every inventory to be right.</summary>
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(25);

    private readonly Course _course;
    private readonly SimulatedDatabase _database = new();
    private readonly Scenario _scenario;
    private readonly SimulatedWorld _world;
    private readonly PostOffice _office;
    private readonly Alarms _alarms;
    private readonly WorldObserver _observer;
    private readonly Coordinators _coordinators;
    private readonly Agents _agents;
    private readonly Accidents _accidents;
    private readonly OldBackup _backup;
    private readonly Interference _interference;
    private readonly Outage _outage;

    private Simulation(int seed, Profile profile)
    {
        _course = new Course(seed, profile);
        _scenario = new Scenario(_course);
        _world = SimulatedWorld.Open(_scenario.World, file: null, _course.Outside.Time);
        _office = new PostOffice(_course, Arrive);
        _alarms = new Alarms(_course.Agenda, _course.Random, () => _course.Disturbed, () => _coordinators!.Work, Post);
        _observer = new WorldObserver(_course, _world, _database, _scenario.OutLimit, _scenario.InLimit, guest => _accidents!.MovedByHand(guest));
        _coordinators = new Coordinators(_course, _database, _scenario, _observer, _alarms, Post, letters => _interference!.Sent(letters));
        _agents = new Agents(_course, _world, _scenario.Hosts, Post, _observer);
        _accidents = new Accidents(_course, _world, _scenario, _agents, Post);
        _backup = new OldBackup(_course, _database, _coordinators, _observer);
        _interference = new Interference(_course, _world, _agents, _accidents, _backup);
        _outage = new Outage(_course, _office, _agents);
    }

    /// <summary>Runs a seed to its end, with the profile that it has by its number.</summary>
    public static SimulationResult Run(int seed) => Run(seed, Profiles.Of(seed));

    /// <summary>Runs a seed to its end with a profile.</summary>
    public static SimulationResult Run(int seed, Profile profile)
    {
        using var simulation = new Simulation(seed, profile);
        var course = simulation._course;
        try
        {
            simulation.Run();
        }
        catch (Exception error)
        {
            course.Violate($"an exception that nobody expected: {error}");
        }

        var text = course.Trace.ToString();
        return new SimulationResult
        {
            Seed = seed,
            Violation = course.Violation,
            Trace = text,
            TraceHash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
            Migrations = simulation._database.Count("SELECT count(*) FROM migration"),
            Took = course.Elapsed,
        };
    }

    public void Dispose() => _database.Dispose();

    private void Run()
    {
        _coordinators.Start();
        _agents.Start();
        foreach (var (at, command) in _scenario.Commands)
            _course.Agenda.In(at, () => Post(command));
        _accidents.Prepare();
        _accidents.PreparePowerCut();
        _backup.Prepare();
        _outage.Prepare();
        _course.Agenda.In(Course.Mended, _accidents.MendEverything);
        _course.Agenda.In(_cancelled, CancelWhatStillRuns);
        _course.Agenda.In(_cancelled, EndForeign);
        if (_outage.Over > TimeSpan.Zero)
            _course.Agenda.In(_outage.Over + _cancelled, CancelWhatStillRuns);
        _coordinators.Look();

        var quietSince = default(TimeSpan?);
        while (_course.Violation is null && _course.Agenda.Step())
        {
            _course.Thread.Drain();
            _course.Require(_observer.Violations());
            quietSince = AllHasEnded() ? quietSince ?? _course.Elapsed : null;
            if (quietSince is { } since && _course.Elapsed - since >= _quiet)
                break;
            if (_course.Elapsed > _outage.Over + _patience)
                _course.Violate($"I7 every accepted request ends: after {_patience} these have not: {Unfinished()}");
        }

        if (_course.Violation is null)
            _course.Require(EndIsRight.Violations(_database, _world, _scenario.Asked, _accidents.Touched, _observer, _alarms));
        _course.Trace.Write("end", _course.Violation ?? "nothing was violated");
    }

    private bool AllHasEnded() =>
        _course.Elapsed > _arrived + _outage.Over && _course.Elapsed > _accidents.PowerUntil
        && _world.Look().Transfers.Count == 0
        && _database.Count("SELECT count(*) FROM migration WHERE ended_at IS NULL") == 0;

    private string Unfinished() => string.Join("; ", _database.Rows("SELECT guest, current_state, state_reason FROM migration WHERE ended_at IS NULL").Select(row => string.Join(", ", row)));

    private void CancelWhatStillRuns()
    {
        foreach (var row in _database.Rows("SELECT correlation_id FROM migration WHERE ended_at IS NULL"))
            Post(_scenario.Cancel(Guid.Parse((string)row[0])));
    }

    private void EndForeign()
    {
        _course.Outside.Run(() => _accidents.EndForeign(guest => _database.Count($"SELECT count(*) FROM migration WHERE guest_uuid = {SimulatedDatabase.Text(guest)} AND ended_at IS NULL") > 0));
        _course.Agenda.In(_cancelled, EndForeign);
    }

    private void Post(Letter letter) => Post(letter, TimeSpan.Zero);

    private void Post(Letter letter, TimeSpan held)
    {
        if (letter.Queue == Outlet.Events)
            _course.Trace.Write("event", ((WireEvent)letter.Body).RoutingKey);     // subscribers are not simulated
        else
            _office.Post(letter, held);
    }

    private void Arrive(Letter letter)
    {
        if (letter.RoutingKey is null)
            _coordinators.Arrive(letter);
        else
            _agents.Arrive(letter);
    }
}
