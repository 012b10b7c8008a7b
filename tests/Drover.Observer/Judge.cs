using System.Globalization;

namespace Drover.Observer;

/// <summary>Reads a time line and says what it proves.</summary>
internal sealed class Judge(Expected expected)
{
    // Hosts are looked at one by one, and a daemon that is busy with the guest answers late: two copies run when both hosts say so, asked so much later.
    private const long Overlap = 500;
    private readonly List<string> _violations = [];
    private readonly Dictionary<string, Ticks> _ticks = [];
    private readonly Dictionary<(string What, string Host, string Guest), Seen> _now = [];
    private readonly Dictionary<string, Seen> _daemons = [];
    private readonly Dictionary<string, string> _ports = [];
    private readonly Dictionary<string, long> _looked = [];
    private readonly Dictionary<string, long> _doubleSince = [];
    private readonly HashSet<string> _doubled = [];
    private readonly HashSet<string> _overLimit = [];
    private int _mostJobs;
    private long _settled;

    public static Expected? Parse(string[] wishes)
    {
        var expected = new Expected();
        for (var i = 0; i < wishes.Length; i++)
        {
            if (wishes[i] == "--two-copies")
                expected.TwoCopies = true;
            else if (i + 1 == wishes.Length)
                return null;
            else if (wishes[i] == "--guest" && wishes[++i].Split('=') is [var name, var where])
                expected.Guests[name] = where;
            else if (!long.TryParse(wishes[i + 1], CultureInfo.InvariantCulture, out var number))
                return null;
            else if (wishes[i++] is var option && option == "--pause")
                expected.Pause = number;
            else if (option == "--silence")
                expected.Silence = number;
            else if (option == "--boots")
                expected.Boots = number;
            else if (option == "--limit")
                expected.Limit = number;
            else
                return null;
        }
        return expected;
    }

    public static int Print(IEnumerable<Seen> timeLine, Expected expected)
    {
        var judge = new Judge(expected);
        var complete = false;
        foreach (var seen in timeLine)
        {
            judge.Weigh(seen);
            complete = seen.What == "end";
        }
        if (!complete)
            judge._violations.Add("the time line has no end: the observer died");
        judge.WeighTheEnd();
        Console.WriteLine(judge.Summary());
        judge._violations.ForEach(violation => Console.WriteLine($"violation: {violation}"));
        return judge._violations.Count == 0 ? 0 : 1;
    }

    private string Summary() => string.Join("; ", _ticks.Select(pair => pair.Value.Summary(pair.Key)).Prepend($"at most {_mostJobs} migrations at once"))
        + $"\nsettled {_settled}";

    private void Weigh(Seen seen)
    {
        switch (seen.What)
        {
            case "tick" or "boot" when seen.Guest is { } guest:
                if (!_ticks.TryGetValue(guest, out var ticks))
                    _ticks[guest] = ticks = new Ticks();
                ticks.Add(seen);
                break;
            case "libvirt":
                _daemons[seen.Host!] = seen;
                break;
            case "look":
                _looked[seen.Host!] = seen.At;
                CountCopies(seen.At);
                break;
            case "ports":
                _ports[seen.Host!] = seen.Text ?? "";
                break;
            case "guest" or "status" or "qemu":
                _now[(seen.What, seen.Host!, seen.Guest!)] = seen;
                _settled = seen.At;
                CountJobs();
                break;
        }
    }

    // By libvirt's word alone; ticks that come twice are the proof.
    private void CountCopies(long now)
    {
        foreach (var guest in _now.Keys.Where(key => key.What == "guest").Select(key => key.Guest).Distinct())
        {
            string[] running = [.. Hosts("guest", guest, seen => seen.State == "running")];
            if (running.Length < 2)
            {
                _doubleSince.Remove(guest);
            }
            else if (!_doubleSince.TryAdd(guest, now) && running.All(host => _looked.GetValueOrDefault(host) - _doubleSince[guest] > Overlap) && _doubled.Add(guest) && !expected.TwoCopies)
            {
                _violations.Add($"{guest} runs on {string.Join(" and ", running)} at once, say their libvirts");
            }
        }
    }

    private void CountJobs()
    {
        foreach (var jobs in _now.Values.Where(seen => seen is { What: "status", Job: not null } && IsAlive(seen)).GroupBy(seen => (seen.Host, seen.Job)))
        {
            var count = jobs.Count();
            _mostJobs = Math.Max(_mostJobs, count);
            if (count > expected.Limit && _overLimit.Add($"{jobs.Key}"))
                _violations.Add($"{jobs.Key.Host} had {count} jobs \"{jobs.Key.Job}\" at once, its limit is {expected.Limit}");
        }
    }

    // The file of a daemon that died tells of a process that may be gone.
    private bool IsAlive(Seen status) => !_now.TryGetValue(("qemu", status.Host!, status.Guest!), out var process) || process.State == "there";

    private void WeighTheEnd()
    {
        foreach (var (guest, where) in expected.Guests)
        {
            if (_ticks.TryGetValue(guest, out var ticks))
                ticks.Weigh(guest, expected, where, _violations);
            else if (where != "lost" && where != "off")
                _violations.Add($"{guest} has not ticked at all");
            if (where == "lost")
                continue;
            var running = where == "off" ? [] : new[] { where };
            Same($"{guest} runs", Hosts("guest", guest, seen => seen.State == "running"), running);
            Same($"{guest} has a QEMU process", Hosts("qemu", guest, seen => seen.State == "there"), running);
            if (where != "off")
                Same($"{guest} is defined", Hosts("guest", guest, seen => seen.State != "gone"), running);
        }
        foreach (var seen in _now.Values.Where(seen => seen is { What: "status", Job: { } job } && job.StartsWith("migration", StringComparison.Ordinal)))
            _violations.Add($"{seen.Guest} on {seen.Host} still has a job: {seen.Job}, {seen.Phase}");
        foreach (var (host, ports) in _ports.Where(pair => pair.Value.Length > 0))
            _violations.Add($"{host} still listens on migration ports: {ports}");
        foreach (var (host, seen) in _daemons.Where(pair => pair.Value.State != "answers"))
            _violations.Add($"libvirt of {host} is {seen.State} at the end");
        foreach (var orphan in _now.Values.Where(seen => seen is { What: "qemu", State: "there" } && !expected.Guests.ContainsKey(seen.Guest!)))
            _violations.Add($"a QEMU of {orphan.Guest} is left on {orphan.Host}");
        if (expected.TwoCopies && _doubled.Count == 0 && !_ticks.Values.Any(ticks => ticks.Repeated > 0))
            _violations.Add("two copies were to be seen, and were not");
    }

    private void Same(string sentence, IEnumerable<string> found, string[] wanted)
    {
        string[] hosts = [.. found.Order()];
        if (!hosts.SequenceEqual(wanted.Order()))
            _violations.Add($"{sentence} on {(hosts.Length == 0 ? "no host" : string.Join(" and ", hosts))}, not on {(wanted.Length == 0 ? "no host" : string.Join(" and ", wanted))}");
    }

    private IEnumerable<string> Hosts(string what, string guest, Func<Seen, bool> fits) =>
        from pair in _now where pair.Key.What == what && pair.Key.Guest == guest && fits(pair.Value) select pair.Key.Host;
}
