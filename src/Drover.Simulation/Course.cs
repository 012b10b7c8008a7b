using Drover.Simulation.Clock;
using Drover.Simulation.Mail;

namespace Drover.Simulation;

/// <summary>The course of one seed: its clock, its thread, its luck, what is written down of it, and the first thing that was not as it must be.</summary>
internal sealed class Course
{
    /// <summary>Until then things go wrong; from then on everything is mended and stays so.</summary>
    public static readonly TimeSpan Mended = TimeSpan.FromSeconds(60);

    private readonly Dictionary<Guid, string> _names = [];
    private readonly DateTimeOffset _began;

    public Course(int seed, Profile profile)
    {
        Profile = profile;
        Random = new Randomness(seed);
        Trace = new Trace(Agenda);
        Outside = new Process("outside", Thread, Agenda);
        _began = Agenda.Now;
    }

    public Profile Profile { get; }

    public Agenda Agenda { get; } = new();

    public OneThread Thread { get; } = new();

    public Randomness Random { get; }

    public Trace Trace { get; }

    /// <summary>Whatever is none of Drover's processes.</summary>
    public Process Outside { get; }

    /// <summary>The time since it began.</summary>
    public TimeSpan Elapsed => Agenda.Now - _began;

    /// <summary>Whether things go wrong now.</summary>
    public bool Disturbed => Elapsed < Mended;

    /// <summary>Whether the broker is away: nobody can send, and nothing comes.</summary>
    public bool BrokerAway { get; set; }

    /// <summary>The first thing that was not as it must be; null while there is none.</summary>
    public string? Violation { get; private set; }

    public void Violate(string violation) => Violation ??= violation;

    public void Require(IEnumerable<string> violations)
    {
        if (Violation is null && violations.FirstOrDefault() is { } violation)
            Violate(violation);
    }

    /// <summary>A letter in words, with short names for migrations.</summary>
    public string Describe(Letter letter) => Description.Of(letter, id => _names.TryGetValue(id, out var name) ? name : _names[id] = $"m{_names.Count + 1}");
}
