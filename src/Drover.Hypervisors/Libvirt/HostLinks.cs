using System.Globalization;

namespace Drover.Hypervisors.Libvirt;

/// <summary>The host's network links as the kernel shows them under /sys/class/net, in the order in which it made them (ifindex); the loopback left out.</summary>
internal static class HostLinks
{
    private const string Sysfs = "/sys/class/net";

    internal static IReadOnlyList<LinkFacts> Read(string root = Sysfs) => Directory.Exists(root)
        ? [.. Directory.GetDirectories(root)
            .Where(folder => Path.GetFileName(folder) != "lo")
            .OrderBy(folder => Number(folder, "ifindex") ?? long.MaxValue)
            .Select(folder => new LinkFacts(Path.GetFileName(folder), Number(folder, "speed") is > 0 and var speed ? speed : null, Text(folder, "operstate") == "up"))]
        : [];

    private static long? Number(string folder, string file)
        => long.TryParse(Text(folder, file), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A link without a carrier answers a read of its speed with EINVAL, and one that has just gone is not there: both have nothing to say.</summary>
    private static string? Text(string folder, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, file)).Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }
}
