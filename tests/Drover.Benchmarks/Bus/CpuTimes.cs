using System.Diagnostics;
using System.Globalization;

namespace Drover.Benchmarks.Bus;

/// <summary>CPU milliseconds, user and system, that this process and the servers it has started have used so far.</summary>
internal sealed record CpuTimes(double Coordinator, double Postgres, double Broker, double Measuring)
{
    private const double MillisecondsPerTick = 10;   // USER_HZ is 100 on Linux

    public double Total => Coordinator + Postgres + Broker + Measuring;

    public static CpuTimes operator /(CpuTimes whole, double parts) => new(whole.Coordinator / parts, whole.Postgres / parts, whole.Broker / parts, whole.Measuring / parts);

    public static CpuTimes operator -(CpuTimes after, CpuTimes before) =>
        new(after.Coordinator - before.Coordinator, after.Postgres - before.Postgres, after.Broker - before.Broker, after.Measuring - before.Measuring);

    /// <summary>Of one child alone, whatever it carries.</summary>
    public static CpuTimes NowOf(int child) => new(0, 0, 0, Stat.Read($"{child}")?.Milliseconds ?? 0);

    /// <summary>Of all parts of a cluster.</summary>
    /// <param name="coordinator">The coordinator's process.</param>
    /// <param name="measuring">The process of agents and client; null for this one.</param>
    public static CpuTimes Now(int coordinator, int? measuring = null)
    {
        var processes = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, CultureInfo.InvariantCulture, out _)).Select(Stat.Read!).OfType<Stat>().ToDictionary(p => p.Id);
        var ours = processes.Values.Where(process => Descends(process)).ToArray();
        return new CpuTimes(Sum(p => p.Id == coordinator), Sum(p => p.Name == "postgres"), Sum(p => p.Name == "beam.smp"),
            measuring is { } child ? Sum(p => p.Id == child) : Process.GetCurrentProcess().TotalProcessorTime.TotalMilliseconds);

        // With the children that have ended: PostgreSQL has a process for each connection.
        double Sum(Func<Stat, bool> which) => ours.Where(which).Sum(process => process.Milliseconds);

        bool Descends(Stat process) => process.Parent == Environment.ProcessId || (processes.TryGetValue(process.Parent, out var parent) && Descends(parent));
    }

    /// <summary>One process, from /proc/ID/stat (proc(5)): fields 1, 2, 4, and 14 to 17.</summary>
    private sealed record Stat(int Id, string Name, int Parent, double Milliseconds)
    {
        public static Stat? Read(string id)
        {
            try
            {
                var text = File.ReadAllText($"/proc/{id}/stat");
                var (open, close) = (text.IndexOf('('), text.LastIndexOf(')'));
                var rest = text[(close + 2)..].Split(' ');     // begins with field 3
                return new Stat(int.Parse(id, CultureInfo.InvariantCulture), text[(open + 1)..close], int.Parse(rest[1], CultureInfo.InvariantCulture),
                    rest[11..15].Sum(field => double.Parse(field, CultureInfo.InvariantCulture)) * MillisecondsPerTick);
            }
            catch (IOException)
            {
                return null;    // it has ended since
            }
        }
    }
}
