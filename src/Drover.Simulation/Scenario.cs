using System.Text;
using System.Text.Json;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Hosts;
using Drover.Contracts.Migrations;
using Drover.Hypervisors.Simulated;
using Drover.Simulation.Mail;

namespace Drover.Simulation;

/// <summary>A small site and what is asked of it, drawn from the seed.</summary>
internal sealed class Scenario
{
    private const long MiB = 1 << 20;

    private readonly Randomness _random;
    private readonly HashSet<Guid> _asked = [];
    private readonly DateTimeOffset _began;

    // How many of the guests have a definition that stays when they are off.
    private readonly double _staying;

    public Scenario(Course course)
    {
        _began = course.Agenda.Now;
        _random = course.Random;
        _staying = course.Profile == Profile.Hands ? 0.4 : 0.8;
        var random = _random;
        OutLimit = random.From(1, 2);
        InLimit = random.From(1, 2);
        var hosts = Enumerable.Range(0, random.From(2, 4)).Select(n => $"host-{(char)('a' + n)}").ToList();
        World = new WorldPlan
        {
            Links = [new LinkPlan("lan", 62_500_000)],
            Hosts = [.. hosts.Select(name => new HostPlan { Name = name, Uuid = random.NewId(), MemoryBytes = 4096 * MiB, Processors = 4, Link = "lan" })],
            Guests = [.. Enumerable.Range(1, random.From(2, 5)).Select(n => Guest(n, random.OneOf(hosts)))],
        };
        var asked = Enumerable.Range(1, random.From(2, 7)).Select(_ => Migration(hosts)).ToList();
        Commands = [.. asked.SelectMany(migration => migration)];
    }

    public WorldPlan World { get; }

    public int OutLimit { get; }

    public int InLimit { get; }

    /// <summary>When each command is sent.</summary>
    public IReadOnlyList<(TimeSpan At, Letter Command)> Commands { get; }

    /// <summary>The ids of the migrations that are asked for.</summary>
    public IReadOnlySet<Guid> Asked => _asked;

    public IEnumerable<string> Hosts => World.Hosts.Select(host => host.Name);

    /// <summary>A request to cancel.</summary>
    public Letter Cancel(Guid migration) => Command(new CancelMigration { MigrationId = migration, RequestedBy = "simulation" });

    /// <summary>An operator's word that a host is down.</summary>
    public Letter ConfirmDown(string host) => Command(new ConfirmHostDown { Host = host, RequestedBy = "simulation", Reason = "its power is off" });

    private GuestPlan Guest(int number, string host)
    {
        var memory = _random.From(32, 256) * MiB;
        return new GuestPlan
        {
            Name = $"guest-{number}",
            Uuid = _random.NewId(),
            Host = host,
            MemoryBytes = memory,
            NonZeroBytes = memory * 3 / 4,
            HotSetBytes = memory / _random.From(2, 16),
            DirtyBytesPerSecond = _random.Happens(0.3) ? 0 : _random.From(1, 80) * MiB,
            Vcpus = 1,
            Persistent = _random.Happens(_staying),
        };
    }

    // A request, and what may come with it: the same once more, the same id with another body, one or two cancels.
    private IEnumerable<(TimeSpan, Letter)> Migration(IReadOnlyList<string> hosts)
    {
        var at = _random.Seconds(2, 45);
        var command = new MigrateGuest
        {
            MigrationId = _random.NewId(),
            Guest = _random.Happens(0.03) ? "nobody" : _random.OneOf(World.Guests).Name,
            Destination = _random.OneOf(hosts),
            Priority = _random.Happens(0.3) ? _random.From(0, 9) : null,
        };
        _asked.Add(command.MigrationId);
        if (_random.Happens(0.15))
            command = command with { NotBefore = _began + at + _random.Seconds(-5, 30) };
        if (_random.Happens(0.4))
        {
            command = command with
            {
                Deadline = (command.NotBefore ?? (_began + at)) + _random.From(1, 10) switch
                {
                    <= 7 => _random.Seconds(0.05, 6),
                    <= 9 => _random.Seconds(1, 40),
                    _ => TimeSpan.FromHours(8),     // it must be taken back, for it never comes here
                },
                OnDeadline = _random.OneOf<OnDeadline?>([null, OnDeadline.Report, OnDeadline.Force, OnDeadline.Cancel]),
            };
        }

        yield return (at, Command(command));
        if (_random.Happens(0.1))
            yield return (at + _random.Seconds(0, 20), Command(command));
        if (_random.Happens(0.05))
            yield return (at + _random.Seconds(0, 20), Command(command with { Reason = "another body" }));
        if (_random.Happens(0.4))
            yield return (at + (_random.Happens(0.3) ? _random.Milliseconds(1, 80) : _random.Seconds(0, 15)), Cancel(command.MigrationId));
        if (_random.Happens(0.1))
            yield return (at + _random.Seconds(0, 30), Cancel(command.MigrationId));
    }

    private Letter<CommandBytes> Command<T>(T command)
        where T : class
    {
        var key = RoutingKeys.Commands[typeof(T)];
        var id = _random.NewId();
        var bytes = new CommandBytes { RoutingKey = key, Body = JsonSerializer.SerializeToUtf8Bytes(command, ContractsJson.Strict), MessageId = id.ToString() };
        return new Letter<CommandBytes>(id, Queues.Command(key), null, bytes);
    }
}
