namespace Drover.Observer;

/// <summary>The file that everything seen goes to, line by line; only what changed is written.</summary>
internal sealed class TimeLine(string file) : IDisposable
{
    private readonly StreamWriter _writer = new(file) { AutoFlush = true };
    private readonly Dictionary<(string, string?, string?), Seen> _last = [];

    public static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Writes what is new, whatever was seen before.</summary>
    public void Add(Seen seen)
    {
        lock (_writer)
            _writer.WriteLine(seen.Write());
    }

    /// <summary>Writes it if it differs from what was last seen of the same thing.</summary>
    public void Observe(Seen seen)
    {
        lock (_writer)
        {
            var key = (seen.What, seen.Host, seen.Guest);
            if (_last.TryGetValue(key, out var last) ? last with { At = seen.At } == seen : seen.State == "gone")
                return;
            _last[key] = seen;
            _writer.WriteLine(seen.Write());
        }
    }

    public void Dispose() => _writer.Dispose();
}
