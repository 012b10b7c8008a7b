using Drover.Hypervisors.Simulated.State;

namespace Drover.Hypervisors.Simulated;

/// <summary>A world's time: its own instants against the clock's, and the one timer that wakes it when something comes due. The world's lock guards it.</summary>
/// <remarks>
/// A world whose process or machine slept for longer than a day goes on as if it had been a day: it must not compute for minutes before it answers. One whose
/// clock was set back goes on from where somebody saw it last.
/// </remarks>
internal sealed class WorldClock(TimeProvider time, Action tick) : IAsyncDisposable
{
    private static readonly TimeSpan s_longestCatchUp = TimeSpan.FromDays(1);

    private readonly ITimer _timer = time.CreateTimer(_ => tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    private DateTimeOffset _latest;
    private DateTimeOffset? _armedFor;

    /// <summary>The state with its own time set right against the clock, and that time now.</summary>
    internal (SiteState State, DateTimeOffset Now) Read(SiteState state)
    {
        var clock = time.GetUtcNow();
        var behind = clock - state.Slept - (_latest > state.At ? _latest : state.At);
        var tooMuch = behind < TimeSpan.Zero ? behind
            : behind > s_longestCatchUp && !state.Transfers.IsEmpty ? behind - s_longestCatchUp
            : TimeSpan.Zero;
        if (tooMuch != TimeSpan.Zero)
            state = state with { Slept = state.Slept + tooMuch };
        _latest = clock - state.Slept;
        return (state, _latest);
    }

    /// <summary>
    /// Wakes the world when the next thing comes due: in whole milliseconds, rounded up, as clocks' timers count; one that came too early would come again and
    /// again. Left alone when it is right, so that a look does not move it. Without a next thing nothing ticks.
    /// </summary>
    internal void Arm(DateTimeOffset? next)
    {
        if (next == _armedFor)
            return;
        _armedFor = next;
        var due = next is { } at ? TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((at - _latest).TotalMilliseconds))) : Timeout.InfiniteTimeSpan;
        _timer.Change(due < s_longestCatchUp ? due : s_longestCatchUp, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The timer came, and will not come again by itself.</summary>
    internal void Fired() => _armedFor = null;

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
