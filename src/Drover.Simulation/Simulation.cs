using System.Security.Cryptography;
using System.Text;
using Drover.Bus;
using Drover.Hypervisors.Simulated;
using Drover.Simulation.Clock;
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
    /// <summary>Until then things go wrong; from then on everything is mended and stays so.</summary>
    private static readonly TimeSpan _mended = TimeSpan.FromSeconds(60);

    /// <summary>Then everything that still runs is asked to stop: a guest may dirty its memory for ever.</summary>
    private static readonly TimeSpan _cancelled = TimeSpan.FromSeconds(100);

    /// <summary>Until then a letter may be on its way that was sent while things went wrong.</summary>
    private static readonly TimeSpan _arrived = _mended + PostOffice.Latest;

    /// <summary>By then everything must have ended.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(20);

    /// <summary>When all has ended, this is enough for every inventory to be right.</summary>
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(25);

    private static readonly TimeSpan _lookEvery = TimeSpan.FromSeconds(2);

    private readonly Agenda _agenda = new();
    private readonly OneThread _thread = new();
    private readonly SimulatedDatabase _database = new();
    private readonly HashSet<(Guid, string)> _inbox = [];
    private readonly HashSet<string> _off = [];
    private readonly List<Letter> _forTheCoordinator = [];
    private readonly Dictionary<string, HostSite> _hosts = [];
    private readonly Dictionary<Guid, string> _names = [];
    private readonly Randomness _random;
    private readonly Scenario _scenario;
    private readonly Trace _trace;
    private readonly Process _outside;
    private readonly PostOffice _office;
    private readonly Alarms _alarms;
    private readonly WorldObserver _observer;
    private readonly Accidents _accidents;
    private readonly DateTimeOffset _began;
    private SimulatedCoordinator? _coordinator;
    private string? _violation;

    private Simulation(int seed)
    {
        _random = new Randomness(seed);
        _scenario = new Scenario(_random, _agenda.Now);
        _trace = new Trace(_agenda);
        _began = _agenda.Now;
        _outside = new Process("outside", _thread, _agenda);
        World = SimulatedWorld.Open(_scenario.World, file: null, _outside.Time);
        _office = new PostOffice(_agenda, _random, () => Disturbed, Arrive);
        _alarms = new Alarms(_agenda, _random, () => Disturbed, () => _coordinator is not null, Post);
        _observer = new WorldObserver(World, _database, _scenario.OutLimit, _scenario.InLimit, guest => _accidents!.MovedByHand(guest));
        foreach (var host in _scenario.Hosts)
            _hosts[host] = new HostSite(new Mailbox(_agenda, ComesBack));
        _accidents = new Accidents(_agenda, _random, World, _scenario, _mended, KillAgent, Power, letter => Post(letter), _trace);
    }

    private SimulatedWorld World { get; }

    private bool Disturbed => _agenda.Now - _began < _mended;

    /// <summary>Runs a seed to its end.</summary>
    public static SimulationResult Run(int seed)
    {
        using var simulation = new Simulation(seed);
        try
        {
            simulation.Run();
        }
        catch (Exception error)
        {
            simulation._violation ??= $"an exception that nobody expected: {error}";
        }

        var text = simulation._trace.ToString();
        return new SimulationResult
        {
            Seed = seed,
            Violation = simulation._violation,
            Trace = text,
            TraceHash = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))),
            Migrations = simulation._database.Count("SELECT count(*) FROM migration"),
            Took = simulation._agenda.Now - simulation._began,
        };
    }

    public void Dispose()
    {
        _coordinator?.Dispose();
        _database.Dispose();
    }

    private void Run()
    {
        StartCoordinator();
        foreach (var host in _hosts.Keys)
            StartAgent(host);
        foreach (var (at, command) in _scenario.Commands)
            _agenda.In(at, () => Post(command));
        _accidents.Prepare();
        _accidents.PreparePowerCut();
        PrepareRestore();
        _agenda.In(_mended, _accidents.MendEverything);
        _agenda.In(_cancelled, CancelWhatStillRuns);
        _agenda.In(_cancelled, EndForeign);
        Look();

        var quietSince = default(DateTimeOffset?);
        while (_violation is null && _agenda.Step())
        {
            _thread.Drain();
            Require(_observer.Violations());
            quietSince = AllHasEnded() ? quietSince ?? _agenda.Now : null;
            if (quietSince is { } since && _agenda.Now - since >= _quiet)
                break;
            if (_agenda.Now - _began > _patience)
                Require([$"I7 every accepted request ends: after {_patience} these have not: {Unfinished()}"]);
        }

        if (_violation is null)
            Require(EndIsRight.Violations(_database, World, _scenario.Asked, _accidents.Touched, _observer.Restored, _alarms));
        _trace.Write("end", _violation ?? "nothing was violated");
    }

    private bool AllHasEnded() => _agenda.Now - _began > _arrived && _agenda.Now - _began > _accidents.PowerUntil && World.Look().Transfers.Count == 0 && _database.Count("SELECT count(*) FROM migration WHERE ended_at IS NULL") == 0;

    private string Unfinished() => string.Join("; ", _database.Rows("SELECT guest, current_state, state_reason FROM migration WHERE ended_at IS NULL").Select(row => string.Join(", ", row)));

    private void Require(IEnumerable<string> violations) => _violation ??= violations.FirstOrDefault();

    private void CancelWhatStillRuns()
    {
        foreach (var row in _database.Rows("SELECT correlation_id FROM migration WHERE ended_at IS NULL"))
            Post(_scenario.Cancel(Guid.Parse((string)row[0])));
    }

    private void EndForeign()
    {
        _outside.Run(() => _accidents.EndForeign(guest => _database.Count($"SELECT count(*) FROM migration WHERE guest_uuid = {SimulatedDatabase.Text(guest)} AND ended_at IS NULL") > 0));
        _agenda.In(_cancelled, EndForeign);
    }

    // The post.

    private void Post(Letter letter) => Post(letter, TimeSpan.Zero);

    private void Post(Letter letter, TimeSpan held)
    {
        if (letter.Queue == Outlet.Events)
            _trace.Write("event", ((WireEvent)letter.Body).RoutingKey);     // subscribers are not simulated
        else
            _office.Post(letter, held);
    }

    private void Arrive(Letter letter)
    {
        if (letter.RoutingKey is { } host)
            _hosts[host].Mailbox.Arrive(letter);
        else if (_coordinator is null)
            _forTheCoordinator.Add(letter);
        else
            Handle(letter);
    }

    private void ComesBack(Letter order)
    {
        if (ReturnedOrders.Of(order.RoutingKey!, order.Body, "no agent took it in its time") is { } returned)
            Post(new Letter<Contracts.Agents.OrderReturned>(_random.NewId(), Queues.ReturnedOrders, null, returned));
    }

    // The coordinator.

    private void StartCoordinator()
    {
        _coordinator = new SimulatedCoordinator(_database, _inbox, _random, new Process("coordinator", _thread, _agenda), _scenario.OutLimit, _scenario.InLimit);
        _trace.Write("coordinator", "starts");
        foreach (var letter in _coordinator.Start())
            Post(letter);
        _alarms.CatchUp();
        var waiting = _forTheCoordinator.ToList();
        _forTheCoordinator.Clear();
        waiting.ForEach(Arrive);
    }

    private void KillCoordinator(string when)
    {
        _trace.Write("coordinator", $"is killed {when}");
        _coordinator?.Dispose();
        _coordinator = null;
        _agenda.In(_random.Seconds(0.5, 20), StartCoordinator);
    }

    private void Handle(Letter letter)
    {
        if (Disturbed && _random.Happens(0.01))
        {
            HandleOnce(letter, commit: false);
            KillCoordinator($"before the commit of {Describe(letter)}");
            _forTheCoordinator.Add(letter);
            return;
        }

        var sent = HandleOnce(letter, commit: true);
        _trace.Write("coordinator", $"{(sent is null ? "has had" : "takes")} {Describe(letter)}");
        Require(RowsAreSound.Violations(_database));
        Require(_observer.EndedAndMoving());
        if (sent is null)
            return;
        var killed = Disturbed && _random.Happens(0.01);
        foreach (var next in sent)
            Post(next, killed ? _random.Seconds(10, 40) : TimeSpan.Zero);   // the sweeper finds them
        if (killed)
        {
            KillCoordinator($"after the commit of {Describe(letter)}");
            _forTheCoordinator.Add(letter);
        }
    }

    // A schedule is armed in the scheduler's own database, before the commit of its inbox row.
    private IReadOnlyList<Letter>? HandleOnce(Letter letter, bool commit)
    {
        if (letter.Queue != Queues.Schedules)
            return _coordinator!.Handle(letter, commit);
        if (_inbox.Contains((letter.Id, letter.Queue)))
            return null;
        _alarms.Take(letter);
        if (commit)
            _inbox.Add((letter.Id, letter.Queue));
        return [];
    }

    private void Look()
    {
        // A look that finds nothing changes nothing: it is not worth its time here.
        if (_coordinator is { } coordinator && _database.SomethingIsDue(_agenda.Now))
        {
            foreach (var letter in coordinator.Look())
                Post(letter);
        }

        _agenda.In(_lookEvery, Look);
    }

    // The database is restored from an older backup while migrations run: the coordinator starts on it, and finds a world that has gone on.
    private void PrepareRestore()
    {
        if (!_random.Happens(0.12))
            return;
        var (backup, restore) = (_random.Seconds(4, 40), _random.Seconds(1, 20));
        var inbox = new HashSet<(Guid, string)>();
        _agenda.In(backup, () =>
        {
            _trace.Write("database", "is backed up");
            _database.Backup();
            inbox.UnionWith(_inbox);
        });
        _agenda.In(backup + restore, () =>
        {
            _trace.Write("database", "is restored from the backup");
            _database.Restore();
            _inbox.Clear();
            _inbox.UnionWith(inbox);
            _observer.Restored = true;
            if (_coordinator is not null)
                KillCoordinator("for the restore");
        });
    }

    // The agents.

    private void Power(string host, bool on)
    {
        if (on)
        {
            _off.Remove(host);
            StartAgent(host);
            return;
        }

        _off.Add(host);
        if (_hosts[host].Agent is not { } agent)
            return;
        agent.Process.Kill();
        _hosts[host].Agent = null;
        _hosts[host].Mailbox.Disconnect();
    }

    private void StartAgent(string host)
    {
        var site = _hosts[host];
        if (_off.Contains(host) || site.Agent is not null)
            return;
        var process = new Process(host, _thread, _agenda);
        var effects = new Effects(process, _agenda, _random, () => Disturbed ? 0.003 : 0, when => KillAgent(host, when));
        var agent = new SimulatedAgent(host, World.Hypervisor(host), process, effects, _random, Post, guest => _observer.Begun(guest, Violate));
        site.Agent = agent;
        _trace.Write(host, "agent starts");
        _outside.Run(() => _ = Guard(host, agent.Start()));
        site.Mailbox.Connect((letter, done) =>
        {
            _trace.Write(host, $"takes {Describe(letter)}");
            _outside.Run(() => _ = Guard(host, agent.Take(letter), done));
        });
    }

    private void KillAgent(string host, string when)
    {
        if (_hosts[host].Agent is not { } agent)
            return;
        _trace.Write(host, $"agent is killed {when}");
        agent.Process.Kill();
        _hosts[host].Agent = null;
        _hosts[host].Mailbox.Disconnect();

        // Now and then longer than an order lives.
        _agenda.In(_random.Happens(0.15) ? _random.Seconds(62, 90) : _random.Seconds(0.5, 30), () => StartAgent(host));
    }

    private async Task Guard(string host, Task work, Action? done = null)
    {
        try
        {
            await work;
            if (done is null)
                Violate($"a loop of {host}'s agent has ended");
            done?.Invoke();
        }
        catch (Exception error)
        {
            Violate($"{host}'s agent threw: {error}");
        }
    }

    private void Violate(string violation) => _violation ??= violation;

    private string Describe(Letter letter) => Description.Of(letter, id => _names.TryGetValue(id, out var name) ? name : _names[id] = $"m{_names.Count + 1}");

    private sealed class HostSite(Mailbox mailbox)
    {
        public Mailbox Mailbox => mailbox;

        public SimulatedAgent? Agent { get; set; }
    }
}
