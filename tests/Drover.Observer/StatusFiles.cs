namespace Drover.Observer;

/// <summary>Follows the status files of one host: they tell a migration's phase, also of a daemon that does not answer any more.</summary>
internal sealed class StatusFiles(TimeLine line, string lab, string host)
{
    private readonly string _folder = Path.Combine(lab, host, "run", "libvirt", "qemu");
    private readonly Dictionary<string, (DateTime Written, Status? Status)> _known = [];

    public void Look()
    {
        string[] files = Directory.Exists(_folder) ? Directory.GetFiles(_folder, "*.xml") : [];
        foreach (var file in files)
        {
            var written = File.GetLastWriteTimeUtc(file);
            if (_known.TryGetValue(file, out var known) && known.Written == written && known.Status is not null)
                continue;
            var status = Status.Of(Status.TextOf(file));
            _known[file] = (written, status);
            if (status is not null)
                line.Observe(About(file) with { State = status.State, Pid = status.Pid, Job = status.Job, Phase = status.Phase });
        }
        foreach (var gone in _known.Keys.Except(files).ToArray())
        {
            _known.Remove(gone);
            line.Observe(About(gone) with { State = "gone" });
        }
    }

    private Seen About(string file) => new() { At = TimeLine.Now, What = "status", Host = host, Guest = Path.GetFileNameWithoutExtension(file) };
}
