using Drover.Bus;
using Drover.Coordinator.Migrations;
using Drover.Coordinator.Retention;
using Drover.Simulation.Clock;
using MassTransit.Scheduling;

namespace Drover.Simulation.Mail;

/// <summary>
/// The scheduler: what Quartz does, on the agenda. It outlives every crash, for its triggers are in a database; it fires only while a coordinator runs, at once what became due
/// meanwhile; and now and then twice, as after a crash between the fire and the note of it.
/// </summary>
internal sealed class Alarms(Agenda agenda, Randomness random, Func<bool> disturbed, Func<bool> coordinatorRuns, Action<Letter> post)
{
    private readonly Dictionary<Guid, (DateTimeOffset At, Letter Letter, int Setting)> _armed = [];
    private readonly HashSet<Guid> _overtaken = [];
    private readonly HashSet<Guid> _deadlines = [];
    private readonly List<Guid> _due = [];
    private int _settings;

    /// <summary>Migrations whose deadline was armed at some time.</summary>
    public IReadOnlySet<Guid> Deadlines => _deadlines;

    /// <summary>Migrations of what is armed still, but for what was armed after it had been taken back: a cancel may overtake its own schedule.</summary>
    public IEnumerable<Guid> Migrations => _armed.Where(armed => !_overtaken.Contains(armed.Key)).Select(armed => MigrationOf(armed.Value.Letter)).OfType<Guid>();

    /// <summary>Takes a schedule, or takes one back.</summary>
    public void Take(Letter letter)
    {
        switch (letter.Body)
        {
            case ScheduleMessage schedule:
                Arm(schedule);
                break;
            case CancelScheduledMessage cancel:
                if (!_armed.Remove(cancel.TokenId))
                    _overtaken.Add(cancel.TokenId);
                break;
        }
    }

    /// <summary>A coordinator runs again: what became due meanwhile comes now.</summary>
    public void CatchUp()
    {
        var due = _due.ToList();
        _due.Clear();
        due.ForEach(Fire);
    }

    private void Arm(ScheduleMessage schedule)
    {
        var setting = ++_settings;
        var at = new DateTimeOffset(schedule.ScheduledTime, TimeSpan.Zero);
        var letter = LetterOf(schedule);
        if (schedule.Payload is ReachDeadline deadline)
            _deadlines.Add(deadline.MigrationId);
        _armed[schedule.CorrelationId] = (at, letter, setting);
        agenda.At(at, () =>
        {
            if (_armed.TryGetValue(schedule.CorrelationId, out var armed) && armed.Setting == setting)
                Fire(schedule.CorrelationId);
        });
    }

    private void Fire(Guid token)
    {
        if (!coordinatorRuns())
        {
            _due.Add(token);
            return;
        }

        if (!_armed.Remove(token, out var armed))
            return;
        post(armed.Letter);
        if (disturbed() && random.Happens(0.1))
            post(armed.Letter with { Id = random.Happens(0.5) ? armed.Letter.Id : random.NewId() });
    }

    // The same id however often it fires, made of token and time.
    private static Letter LetterOf(ScheduleMessage schedule)
    {
        Span<byte> id = stackalloc byte[16];
        schedule.CorrelationId.TryWriteBytes(id);
        BitConverter.TryWriteBytes(id[8..], BitConverter.ToInt64(id[8..]) ^ schedule.ScheduledTime.Ticks);
        var queue = schedule.Destination.AbsolutePath;
        return schedule.Payload switch
        {
            ReachNotBefore start => new Letter<ReachNotBefore>(new Guid(id), queue, null, start),
            ReachDeadline deadline => new Letter<ReachDeadline>(new Guid(id), queue, null, deadline),
            TakeEnded round => new Letter<TakeEnded>(new Guid(id), queue, null, round),
            var other => throw new InvalidOperationException($"{other.GetType().Name} was never scheduled when the simulation was written: say here how it comes"),
        };
    }

    private static Guid? MigrationOf(Letter letter) => letter.Body switch
    {
        ReachNotBefore start => start.MigrationId,
        ReachDeadline deadline => deadline.MigrationId,
        _ => null,
    };
}
