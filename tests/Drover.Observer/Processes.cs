using System.Globalization;
using System.Text.RegularExpressions;

namespace Drover.Observer;

/// <summary>The lab's QEMU processes, read from /proc: they are there whatever the daemons say. And the migration ports that are listened on.</summary>
internal sealed partial class Processes(TimeLine line, string lab, IReadOnlyList<string> hosts)
{
    private const int FirstPort = 49152;
    private const int LastPort = 49215;
    private readonly Dictionary<(int Pid, string Started), (string Host, string Guest)?> _known = [];
    private readonly HashSet<(string Host, string Guest)> _seen = [];

    public void Look()
    {
        Dictionary<(string Host, string Guest), int> now = [];
        Dictionary<string, int> anyOf = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var pid) || Name(folder) is not { } name)
                continue;
            if (name.StartsWith("qemu-system", StringComparison.Ordinal) && Identify(folder, pid) is { } guest)
                now[guest] = pid;
            else if (name == "libvirtd" && HostOf(folder) is { } host)
                anyOf[host] = pid;
        }
        foreach (var ((host, guest), pid) in now)
            line.Observe(new Seen { At = TimeLine.Now, What = "qemu", Host = host, Guest = guest, State = "there", Pid = pid });
        foreach (var (host, guest) in _seen.Except(now.Keys))
            line.Observe(new Seen { At = TimeLine.Now, What = "qemu", Host = host, Guest = guest, State = "gone" });
        _seen.UnionWith(now.Keys);
        foreach (var (host, pid) in anyOf)
            line.Observe(new Seen { At = TimeLine.Now, What = "ports", Host = host, Text = string.Join(' ', Listening(pid)) });
    }

    private (string, string)? Identify(string folder, int pid)
    {
        if (Read($"{folder}/stat") is not { } stat || stat.AsSpan(stat.LastIndexOf(')') + 2)[0] is 'Z' or 'X')
            return null;
        var key = (pid, stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[19]);
        if (_known.TryGetValue(key, out var known))
            return known;
        var guest = Read($"{folder}/cmdline") is { } command && GuestName().Match(command) is { Success: true } match ? match.Groups[1].Value : null;
        if (guest is null || HostOf(folder) is not { } host)
            return null;    // just begun: its words are not there yet
        return _known[key] = (host, guest);
    }

    // A host is a mount namespace; its own /run/libvirt is a folder of the lab.
    private string? HostOf(string folder) =>
        Read($"{folder}/mountinfo") is { } mounts ? hosts.FirstOrDefault(host => mounts.Contains($"/{Path.GetFileName(lab)}/{host}/run/libvirt ", StringComparison.Ordinal)) : null;

    private static IEnumerable<int> Listening(int pid) =>
        from row in (Read($"/proc/{pid}/net/tcp") ?? "").Split('\n').Concat((Read($"/proc/{pid}/net/tcp6") ?? "").Split('\n'))
        let words = row.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where words.Length > 3 && words[3] == "0A"
        let port = Convert.ToInt32(words[1].Split(':')[1], 16)
        where port is >= FirstPort and <= LastPort
        select port;

    private static string? Name(string folder) => Read($"{folder}/comm")?.TrimEnd();

    private static string? Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex("guest=([^,\0]+)")]
    private static partial Regex GuestName();
}
