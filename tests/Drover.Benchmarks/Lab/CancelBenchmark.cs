using System.Diagnostics;
using Drover.Benchmarks.Reporting;
using Drover.Libvirt;

namespace Drover.Benchmarks.Lab;

/// <summary>How soon a running migration is gone after a cancel.</summary>
internal static class CancelBenchmark
{
    private const string Guest = "hot";
    private const int Runs = 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    public static async Task<Section> Run(BenchmarkLab lab, Client client, CancellationToken cancellationToken)
    {
        await lab.Script("guest", ["create", Guest, "--host", BenchmarkLab.A, "--memory", "256", "--hot", "128", "--rate", "400"], cancellationToken);
        using var connection = lab.Connect(BenchmarkLab.A);
        using var guest = connection.FindGuest(Guest);
        using var sampling = new PeriodicTimer(LookEvery);
        var random = new Random(20_26);
        List<(double Confirmed, double Gone, double Told)> measured = [];
        for (var run = -2; run < Runs; run++)      // the first two warm up
        {
            var id = Guid.CreateVersion7();
            // With its source: for a moment after a cancel the destination still reports the guest, and by name alone it would be ambiguous.
            await client.Command("migrate-guest", new { migrationId = id, guest = Guest, source = BenchmarkLab.A, destination = BenchmarkLab.B }, cancellationToken);
            await client.Event(id, "migration.progressed", cancellationToken);
            await Pass(TimeSpan.FromMilliseconds(random.Next(0, 1000)));     // agents look once a second: no moment of that second is preferred

            var published = await client.Command("cancel-migration", new { migrationId = id, reason = "benchmark" }, cancellationToken);
            var confirmed = Stopwatch.GetElapsedTime(published).TotalMilliseconds;
            while (guest.Migration.ReadStats().Type != JobType.None)
                await sampling.WaitForNextTickAsync(cancellationToken);
            var gone = Stopwatch.GetElapsedTime(published).TotalMilliseconds;
            var told = (await client.Event(id, "migration.cancelled", cancellationToken)).MillisecondsSince(published);
            Console.Error.WriteLine($"cancel {run + 1}: confirmed after {confirmed:0} ms, job gone after {gone:0} ms, told after {told:0} ms");
            if (run >= 0)
                measured.Add((confirmed, gone, told));
        }
        await lab.Script("guest", ["remove", Guest], cancellationToken);

        double[] gones = [.. measured.Select(run => run.Gone)], tolds = [.. measured.Select(run => run.Told)];
        return new Section
        {
            Title = "Cancel",
            Method = $"""
                A guest that dirties 128 MiB faster than its link carries is cancelled at a random moment of its first passes, {Runs} times after two to warm up. From publishing
                `cancel-migration` (the broker's confirm is part of it) to the moment when the source's libvirt has no job, asked every {LookEvery.TotalMilliseconds:0} ms.
                """,
            Figures =
            [
                Figure.AtMost("job gone, p50", gones.Median(), 300, "ms", $" (p95 {gones.Percentile(95):0} ms, most {gones.Max():0} ms)"),
                new("`migration.cancelled` received, p50", $"{tolds.Median():0} ms (p95 {tolds.Percentile(95):0} ms)"),
                new("broker's confirm of the command, p50", $"{measured.Select(run => run.Confirmed).ToArray().Median():0.#} ms"),
            ],
        };

        async Task Pass(TimeSpan time)
        {
            var start = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(start) < time)
                await sampling.WaitForNextTickAsync(cancellationToken);
        }
    }
}
