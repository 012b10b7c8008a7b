using System.Globalization;

namespace Drover.Benchmarks.Stores;

/// <summary>The disk under a folder, and how often it was told to flush: what commits cost there. Everybody's flushes count, not only ours.</summary>
internal sealed class Disk
{
    private const int FlushesField = 18;   // of /proc/diskstats, from Linux 5.5 (Documentation/admin-guide/iostats.rst: field 16, after the device's three)
    private readonly string? _device;

    public Disk(string folder)
    {
        // proc(5), mountinfo: the third field is the device, the fifth the mount point; a later mount hides an earlier one.
        var mounts = File.ReadLines("/proc/self/mountinfo").Select(line => line.Split(' ')).Where(mount => Holds(mount[4], Path.GetFullPath(folder))).ToArray();
        var mount = mounts.Last(one => one[4].Length == mounts.Max(other => other[4].Length));
        _device = mount[2];
        FileSystem = mount[Array.IndexOf(mount, "-") + 1];
    }

    /// <summary>"ext4" and the like.</summary>
    public string FileSystem { get; }

    /// <summary>Flushes so far; null where no disk is known.</summary>
    public long? Flushes()
    {
        var line = File.ReadLines("/proc/diskstats").Select(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(fields => $"{fields[0]}:{fields[1]}" == _device);
        return line is { Length: > FlushesField } ? long.Parse(line[FlushesField], CultureInfo.InvariantCulture) : null;
    }

    private static bool Holds(string mountPoint, string folder) => mountPoint == "/" || folder == mountPoint || folder.StartsWith(mountPoint + "/", StringComparison.Ordinal);
}
