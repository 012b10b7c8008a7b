using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Drover.Observer;

/// <summary>
/// Stops processes inside a moment that lasts milliseconds: looks at a status file until it says so, sends SIGSTOP, and looks again. Where the moment has
/// passed meanwhile they go on, and it waits for the next. The caller kills what stands still, or lets it go on.
/// </summary>
internal static partial class Catch
{
    private const int Stop = 19;
    private const int Continue = 18;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan StopsWithin = TimeSpan.FromMilliseconds(500);

    public static async Task<int> Run(string file, IReadOnlyDictionary<string, string> wanted, int[] pids)
    {
        var patience = TimeSpan.FromSeconds(double.Parse(wanted.GetValueOrDefault("within", "60"), CultureInfo.InvariantCulture));
        var began = Stopwatch.GetTimestamp();
        using var pace = new PeriodicTimer(Every);
        var last = "nothing";
        while (Stopwatch.GetElapsedTime(began) < patience)
        {
            var text = Status.TextOf(file);
            if (text is not null)
                last = Words(text);
            if (Fits(text, wanted))
            {
                Array.ForEach(pids, pid => _ = kill(pid, Stop));
                var stopping = Stopwatch.GetTimestamp();
                while (!pids.All(StandsStill) && Stopwatch.GetElapsedTime(stopping) < StopsWithin)
                    await pace.WaitForNextTickAsync();
                var after = Status.TextOf(file);
                if (Fits(after, wanted))
                {
                    Console.WriteLine(after is null ? "gone" : Words(after));
                    return 0;
                }
                Array.ForEach(pids, pid => _ = kill(pid, Continue));
            }
            await pace.WaitForNextTickAsync();
        }
        Console.Error.WriteLine($"not seen within {patience.TotalSeconds:0.#} s: {string.Join(", ", wanted.Select(each => $"{each.Key} {each.Value}"))}; last seen: {last}");
        return 1;
    }

    // "gone" wants no file; all others want one that says each of them.
    private static bool Fits(string? text, IReadOnlyDictionary<string, string> wanted)
    {
        if (wanted.ContainsKey("gone"))
            return text is null;
        return Status.Of(text) is { } status
            && (!wanted.TryGetValue("phase", out var phase) || (status.Phase ?? "none") == phase)
            && (!wanted.TryGetValue("state", out var state) || status.State == state)
            && (!wanted.TryGetValue("text", out var word) || text!.Contains(word, StringComparison.Ordinal));
    }

    private static string Words(string text) => Status.Of(text) is { } status ? $"{status.Job ?? "no job"}, phase {status.Phase ?? "none"}, {status.State}" : "an unfinished file";

    private static bool StandsStill(int pid)
    {
        var stat = Status.TextOf($"/proc/{pid}/stat");
        return stat is null || stat[(stat.LastIndexOf(')') + 2)..][0] is 'T' or 't' or 'Z' or 'X';
    }

    [LibraryImport("libc")]
    private static partial int kill(int pid, int signal);
}
