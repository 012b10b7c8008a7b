using System.Globalization;
using System.Runtime.InteropServices;

namespace Drover.Benchmarks;

/// <summary>The machine that the figures are about.</summary>
internal static class Machine
{
    private const double Quiet = 1.5;
    private static readonly TimeSpan QuietWithin = TimeSpan.FromMinutes(5);

    public static string Describe()
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);
        return $"{Environment.ProcessorCount} cores ({processor}), {memory:0} GiB, {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.FrameworkDescription}";
    }

    /// <summary>The load average over 1 and over 5 minutes.</summary>
    public static string Load() => string.Join(" / ", File.ReadAllText("/proc/loadavg").Split(' ')[..2]);

    /// <summary>Waits for other work on this machine to end, at most some minutes.</summary>
    public static async Task WaitUntilQuiet(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5));
        var until = DateTime.UtcNow + QuietWithin;
        while (double.Parse(Load().Split(' ')[0], CultureInfo.InvariantCulture) >= Quiet && DateTime.UtcNow < until)
        {
            Console.Error.WriteLine($"waiting for a quiet machine (load average {Load()})");
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }
}
