using System.Globalization;
using System.Text.RegularExpressions;

namespace Drover.Observer;

/// <summary>What libvirtd writes of an active guest under /run/libvirt/qemu each time that something changes, so that its next start finds it: also the phase of a migration.</summary>
/// <param name="State">libvirt's state: "running", "paused".</param>
/// <param name="Pid">QEMU's.</param>
/// <param name="Job">"migration out", "migration in"; null for none.</param>
/// <param name="Phase">"perform3" and so on; null for none.</param>
internal sealed partial record Status(string State, int Pid, string? Job, string? Phase)
{
    /// <summary>The file's text read; null when there is none, or it is not one.</summary>
    public static Status? Of(string? text)
    {
        if (text is null || Head().Match(text) is not { Success: true } head)
            return null;
        var job = JobLine().Match(text);
        return new Status(
            head.Groups["state"].Value,
            int.Parse(head.Groups["pid"].Value, CultureInfo.InvariantCulture),
            job.Success && job.Groups["async"].Value is var name and not "none" ? name : null,
            job.Success && job.Groups["phase"] is { Success: true, Value: not "none" } phase ? phase.Value : null);
    }

    /// <summary>The file's text; null when there is none.</summary>
    public static string? TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"<domstatus state='(?<state>[^']*)' reason='[^']*' pid='(?<pid>\d+)'")]
    private static partial Regex Head();

    [GeneratedRegex(@"<job type='[^']*' async='(?<async>[^']*)'(?: phase='(?<phase>[^']*)')?")]
    private static partial Regex JobLine();
}
