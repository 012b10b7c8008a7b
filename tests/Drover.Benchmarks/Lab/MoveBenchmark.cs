using System.Diagnostics;
using Drover.Benchmarks.Reporting;

namespace Drover.Benchmarks.Lab;

/// <summary>What Drover adds to a move's time, and what it does to the guest's pause: the same guest there and back, by Drover and by virsh in turn.</summary>
internal static class MoveBenchmark
{
    private const string Guest = "idle";

    public static async Task<IReadOnlyList<Section>> Run(BenchmarkLab lab, Client client, int pairs, CancellationToken cancellationToken)
    {
        await lab.Boot(Guest, ["--memory", "256", "--cold", "64"], cancellationToken);
        await ByDrover(BenchmarkLab.B);     // the first of all run at the compiler's pace
        await ByVirsh(BenchmarkLab.B, BenchmarkLab.A);
        await ByDrover(BenchmarkLab.B);
        await ByDrover(BenchmarkLab.A);

        // A pair goes one way. There by Drover, back by virsh, there by virsh, back by Drover: two pairs, each with another one first.
        List<(Move Drover, Move Virsh)> measured = [];
        while (measured.Count < pairs)
        {
            var (there, back) = (await ByDrover(BenchmarkLab.B), await ByVirsh(BenchmarkLab.B, BenchmarkLab.A));
            measured.Add((there, await ByVirsh(BenchmarkLab.A, BenchmarkLab.B)));
            measured.Add((await ByDrover(BenchmarkLab.A), back));
            Console.Error.WriteLine($"pair {measured.Count}: {string.Join("; ", measured.TakeLast(2).Select(pair => $"drover {pair.Drover}, virsh {pair.Virsh}"))}");
        }
        await lab.Script("guest", ["remove", Guest], cancellationToken);
        return [Time(measured), Pause(measured)];

        async Task<Move> ByDrover(string destination)
        {
            var id = Guid.CreateVersion7();
            var times = new double[4];
            var pause = await lab.PauseWhile(Guest, async () =>
            {
                var published = await client.Command("migrate-guest", new { migrationId = id, guest = Guest, destination, requestedBy = "benchmark" }, cancellationToken);
                var completed = await client.Event(id, "migration.completed", cancellationToken);
                times = [await Until("requested"), await Until("admitted"), await Until("started"), completed.MillisecondsSince(published)];

                async Task<double> Until(string name) => (await client.Event(id, $"migration.{name}", cancellationToken)).MillisecondsSince(published);
            }, cancellationToken);
            return Seen(destination, times[3], pause) with { Steps = times };
        }

        async Task<Move> ByVirsh(string source, string destination)
        {
            var took = TimeSpan.Zero;
            var pause = await lab.PauseWhile(Guest, async () =>
            {
                var start = Stopwatch.GetTimestamp();
                await lab.Virsh(Guest, source, destination, cancellationToken);
                took = Stopwatch.GetElapsedTime(start);
            }, cancellationToken);
            return Seen(destination, took.TotalMilliseconds, pause);
        }

        Move Seen(string destination, double total, double pause)
        {
            using var connection = lab.Connect(destination);
            using var guest = connection.FindGuest(Guest);
            var job = guest.Migration.ReadCompletedStats();
            return new Move(total, pause, job.Downtime!.Value.TotalMilliseconds, job.Elapsed!.Value.TotalMilliseconds);
        }
    }

    private static Section Time(IReadOnlyList<(Move Drover, Move Virsh)> pairs)
    {
        double[] added = [.. pairs.Select(pair => pair.Drover.Total - pair.Virsh.Total)];
        var (low, high) = added.MedianInterval();
        string[] steps = ["published to `migration.requested` received", "... to `migration.admitted`", "... to `migration.started`", "... to `migration.completed`: the whole"];
        return new Section
        {
            Title = "Added wall time",
            Method = $"""
                A guest of 256 MiB (64 MiB of them filled, idle) between two hosts at 400 Mbit/s, {pairs.Count} ABBA pairs after four moves to warm up. Drover's time is
                from publishing `migrate-guest` to receiving `migration.completed`, both by a plain AMQP client. virsh's is that of its process, whole, its start and
                connection included: `virsh migrate --live --p2p --persistent --undefinesource --abort-on-error`, the flags that Drover uses. A pair goes one way.
                """,
            Figures =
            [
                Figure.AtMost("added, p50", added.Median(), 250, "ms", $" (95 %: {low:0} to {high:0} ms)"),
                Figure.AtMost($"added, p95 of {pairs.Count}", added.Percentile(95), 500, "ms"),
                new("virsh, p50", $"{Of(pair => pair.Virsh.Total):0} ms, of which libvirt's job {Of(pair => pair.Virsh.Job):0} ms"),
                new("Drover, p50", $"{Of(pair => pair.Drover.Total):0} ms, of which libvirt's job {Of(pair => pair.Drover.Job):0} ms"),
                .. steps.Select((step, n) => new Figure(step, $"{Of(pair => pair.Drover.Steps[n]):0} ms")),
            ],
        };

        double Of(Func<(Move Drover, Move Virsh), double> what) => pairs.Select(what).ToArray().Median();
    }

    private static Section Pause(IReadOnlyList<(Move Drover, Move Virsh)> pairs)
    {
        var (drover, virsh) = (pairs.Select(pair => pair.Drover).ToArray(), pairs.Select(pair => pair.Virsh).ToArray());
        return new Section
        {
            Title = "The guest's pause",
            Method = "In the same moves. By the guest's own ticks, which are right to about 10 ms, and by libvirt's own count. virsh leaves QEMU's downtime limit at its default, 300 ms.",
            Figures =
            [
                Ratio("ticks", move => move.Pause),
                Ratio("libvirt", move => move.Downtime),
            ],
        };

        Figure Ratio(string by, Func<Move, double> pause)
        {
            double[] ours = [.. drover.Select(pause)], theirs = [.. virsh.Select(pause)];
            return Figure.AtMost($"pause by {by}, p50 to p50", ours.Median() / theirs.Median(), 0.5, "x",
                $" (Drover {ours.Median():0} ms, p95 {ours.Percentile(95):0}; virsh {theirs.Median():0} ms, p95 {theirs.Percentile(95):0})");
        }
    }

    /// <summary>Milliseconds all: by whoever waited for it, the guest's pause by itself and by libvirt, libvirt's job.</summary>
    private sealed record Move(double Total, double Pause, double Downtime, double Job)
    {
        public double[] Steps { get; init; } = [];

        public override string ToString() => $"{Total:0} ms (job {Job:0}), paused {Pause:0} (libvirt: {Downtime:0})";
    }
}
