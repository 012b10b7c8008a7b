using Drover.Policy.Model;

namespace Drover.Policy.Passes;

/// <summary>
/// Turns readings into passes: one ends where libvirt's iteration counter changes. The counter may begin above 1 (it can include earlier, cancelled
/// migrations), jump (readings were missed) or fall (another job's); the pass number only ever rises.
/// </summary>
public sealed record PassWatch
{
    private readonly long? _counter;
    private readonly Sample _passBegan;
    private readonly bool _fromStart;

    private PassWatch(bool fromStart) => _fromStart = fromStart;

    /// <summary>The pass that runs, counted from 1.</summary>
    public long Number { get; private init; } = 1;

    /// <summary>The pass that the latest reading ended; null when it ended none.</summary>
    public Pass? Ended { get; private init; }

    /// <summary>Watching from the beginning of the migration: whatever the counter shows first is pass 1.</summary>
    public static PassWatch FromStart() => new(fromStart: true);

    /// <summary>Watching begins somewhere on the way: the counter is the best guess of the pass's number, and never gives a smaller one than before.</summary>
    public static PassWatch FromTheMiddle() => new(fromStart: false);

    /// <summary>The watch after another reading.</summary>
    public PassWatch See(Sample sample)
    {
        if (sample.Iteration < 1)
            return this with { Ended = null };      // setting up, or copying disks: QEMU has not begun to count
        if (_counter is not { } counter)
            return new PassWatch(_fromStart, sample) { Number = _fromStart ? 1 : sample.Iteration };
        if (sample.Iteration <= counter)
            return sample.Iteration == counter ? this with { Ended = null } : new PassWatch(_fromStart, sample) { Number = Number };

        var passes = sample.Iteration - counter;
        return new PassWatch(_fromStart, sample)
        {
            Number = Number + passes,
            Ended = new Pass
            {
                Number = Number + passes - 1,
                Covers = passes,
                Duration = sample.Elapsed - _passBegan.Elapsed,
                SentBytes = sample.MemoryProcessedBytes - _passBegan.MemoryProcessedBytes,
                LeftBytes = sample.MemoryRemainingBytes,
                DirtyBytesPerSecond = sample.DirtyBytesPerSecond,
            },
        };
    }

    private PassWatch(bool fromStart, Sample passBegan) : this(fromStart)
    {
        _counter = passBegan.Iteration;
        _passBegan = passBegan;
    }
}
