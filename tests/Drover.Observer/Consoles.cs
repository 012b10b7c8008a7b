using System.Globalization;
using System.Text;

namespace Drover.Observer;

/// <summary>
/// The guests' own ticks. All copies of a guest write to one file, each line with the guest's own counter: a number that comes twice is two copies that moved,
/// whatever anybody says of them.
/// </summary>
internal sealed class Consoles(TimeLine line, string lab)
{
    private readonly Dictionary<string, long> _read = [];
    private readonly Dictionary<string, string> _rest = [];

    /// <summary>From here on: what stands there already is of no interest.</summary>
    public void SkipWhatIsThere()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(lab, "serial")))
            _read[file] = new FileInfo(file).Length;
    }

    public void Look()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(lab, "serial")))
        {
            var from = _read.GetValueOrDefault(file);
            var text = Text(file, ref from);
            _read[file] = from;
            var lines = (_rest.GetValueOrDefault(file, "") + text).Split('\n');
            _rest[file] = lines[^1];
            foreach (var words in lines[..^1].Select(each => each.Trim().Split(' ')))
                Say(Path.GetFileName(file), words);
        }
    }

    private void Say(string guest, string[] words)
    {
        if (words is ["tick", var tick, _, "gap", _, "paused", var paused, "mem", var memory, _])
            line.Add(new Seen { At = TimeLine.Now, What = "tick", Guest = guest, Tick = Number(tick), Paused = Number(paused), Intact = memory == "ok" });
        else if (words is ["boot", ..])
            line.Add(new Seen { At = TimeLine.Now, What = "boot", Guest = guest });
    }

    private static string Text(string file, ref long from)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length < from)
                from = 0;   // a new guest of this name
            stream.Position = from;
            var bytes = new byte[stream.Length - from];
            stream.ReadExactly(bytes);
            from += bytes.Length;
            return Encoding.ASCII.GetString(bytes);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static long Number(string word) => long.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
