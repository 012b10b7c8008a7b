namespace Drover.Observer;

/// <summary>One guest's ticks, in the order in which they came.</summary>
internal sealed class Ticks
{
    // The guest knows of a pause up to two seconds later: a single pause may be spread over so many ticks.
    private const int Window = 25;
    private readonly Queue<long> _paused = new();
    private long _lastTick = -1;
    private long _lastAt = -1;
    private long _count, _missing, _boots, _largestPause, _largestSilence;
    private bool _bad;

    /// <summary>Ticks that came twice or went backwards: proof of two copies.</summary>
    public long Repeated { get; private set; }

    public void Add(Seen seen)
    {
        if (_lastAt >= 0)
            _largestSilence = Math.Max(_largestSilence, seen.At - _lastAt);
        _lastAt = seen.At;
        if (seen.What == "boot")
        {
            _boots++;
            _lastTick = -1;
            _paused.Clear();
            return;
        }
        _count++;
        if (_lastTick >= 0 && seen.Tick <= _lastTick)
            Repeated++;
        else if (_lastTick >= 0)
            _missing += seen.Tick!.Value - _lastTick - 1;
        _lastTick = seen.Tick!.Value;
        _bad |= seen.Intact == false;
        _paused.Enqueue(seen.Paused!.Value);
        if (_paused.Count > Window)
            _paused.Dequeue();
        _largestPause = Math.Max(_largestPause, seen.Paused.Value - _paused.Peek());
    }

    public string Summary(string guest) =>
        $"{guest}: {_count} ticks, largest pause {_largestPause} ms, largest silence {_largestSilence} ms, memory {(_bad ? "BAD" : "ok")}"
        + (Repeated > 0 ? $", {Repeated} ticks came twice" : "") + (_missing > 0 ? $", {_missing} missing" : "") + (_boots > 0 ? $", {_boots} boots" : "");

    public void Weigh(string guest, Expected expected, string where, List<string> violations)
    {
        if (Repeated > 0 && !expected.TwoCopies)
            violations.Add($"{guest}: {Repeated} ticks came twice: two copies moved");
        if (_missing > 0 && !expected.TwoCopies)
            violations.Add($"{guest}: {_missing} ticks never came");
        if (_bad && !expected.TwoCopies)
            violations.Add($"{guest} found its memory changed");
        if (_boots > expected.Boots)
            violations.Add($"{guest} booted {_boots} times");
        if (_largestPause > expected.Pause && _boots == 0)
            violations.Add($"{guest} stood still for {_largestPause} ms, {expected.Pause} ms may be");
        if (_largestSilence > expected.Silence && where is not ("lost" or "off") && _boots == 0)
            violations.Add($"{guest} did not tick for {_largestSilence} ms");
    }
}
