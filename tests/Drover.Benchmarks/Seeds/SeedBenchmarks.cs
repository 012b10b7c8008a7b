using System.Diagnostics;
using Drover.Benchmarks.Reporting;

namespace Drover.Benchmarks.Seeds;

/// <summary>How fast the deterministic simulation is: on one core, and how much time passes in it meanwhile.</summary>
internal static class SeedBenchmarks
{
    private const int WarmUp = 200;
    private const int Seeds = 500;

    public static Task<IReadOnlyList<Section>> Run(CancellationToken cancellationToken)
    {
        for (var seed = 1; seed <= WarmUp; seed++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Simulation.Simulation.Run(seed);
        }

        var (wall, cpu, virtualTime, migrations) = (Stopwatch.StartNew(), Process.GetCurrentProcess().TotalProcessorTime, TimeSpan.Zero, 0L);
        for (var seed = WarmUp + 1; seed <= WarmUp + Seeds; seed++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = Simulation.Simulation.Run(seed);
            virtualTime += result.Took;
            migrations += result.Migrations;
        }

        var (seconds, spent) = (wall.Elapsed.TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds);
        return Task.FromResult<IReadOnlyList<Section>>(
        [
            new Section
            {
                Title = "Seeds of the deterministic simulation",
                Method = $"{Seeds} seeds one after another on one thread, after {WarmUp} to warm up; CPU is the process's, garbage collection included. A seed is two to four hosts, "
                    + "up to seven migrations and what goes wrong, with the real sagas on real SQLite in memory and every invariant checked after each step (docs/simulation.md).",
                Figures =
                [
                    Figure.AtLeast("seeds a second of CPU", Seeds / spent, 200, "a second"),
                    new("seeds a second, one thread", $"{Figure.Number(Seeds / seconds)}"),
                    Figure.AtLeast("time in the simulation to CPU time", virtualTime.TotalSeconds / spent, 10, "x"),
                    new("migrations", $"{migrations}"),
                ],
            },
        ]);
    }
}
