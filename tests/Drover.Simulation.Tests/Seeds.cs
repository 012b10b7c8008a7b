using System.Collections.Concurrent;
using System.Globalization;

namespace Drover.Simulation.Tests;

/// <summary>Which seeds are run: 1 to 2,000, or what tests/run was told.</summary>
internal static class Seeds
{
    public static int Count => Number("DROVER_SEEDS") ?? 2000;

    /// <summary>The one seed that is replayed; null when all are run.</summary>
    public static int? Replayed => Number("DROVER_SEED");

    /// <summary>Runs seeds on all processors, in order, each on one thread; stops at the first that violates something, and answers with it and what it printed.</summary>
    public static SimulationResult? FirstViolation(int count)
    {
        var found = new ConcurrentBag<SimulationResult>();
        Parallel.For(1, count + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            if (loop.LowestBreakIteration < seed)
                return;
            var result = Simulation.Run(seed);
            if (result.Violation is null)
                return;
            found.Add(result);
            loop.Break();       // lower seeds are still run: the lowest is the one to tell
        });
        return found.MinBy(result => result.Seed);
    }

    public static string Replay(int seed) => $"tests/run --only Simulation --seed {seed}";

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
