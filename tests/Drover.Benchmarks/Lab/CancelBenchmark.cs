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
        await lab.Boot(Guest, ["--memory", "256", "--hot", "128", "--rate", "400"], cancellationToken);
        using var connection = lab.Connect(BenchmarkLab.A);
        using var guest = connection.FindGuest(Guest);
        using var sampling = new PeriodicTimer(LookEvery);
        var random = new Random(20_26);
        List<(double Confirmed, double Told, double Gone)> measured = [];
        List<double> alone = [];
        for (var run = -2; run < Runs; run++)      // the first two warm up
        {
            var byDrover = await ByDrover();
            var byLibvirt = await ByLibvirt();
            Console.Error.WriteLine($"cancel {run + 1}: confirmed after {byDrover.Confirmed:0} ms, job gone after {byDrover.Gone:0} ms, told after {byDrover.Told:0} ms; libvirt alone {byLibvirt:0} ms");
            if (run < 0)
                continue;
            measured.Add(byDrover);
            alone.Add(byLibvirt);
        }
        await lab.Script("guest", ["remove", Guest], cancellationToken);

        double[] gones = [.. measured.Select(run => run.Gone)], tolds = [.. measured.Select(run => run.Told)];
        double[] added = [.. gones.Zip(alone, (with, without) => with - without)];
        var (low, high) = added.MedianInterval();
        return new Section
        {
            Title = "Cancel",
            Method = $"""
                A guest that dirties 128 MiB faster than its link carries is cancelled at a random moment of its first passes, {Runs} times after two to warm up. From publishing
                `cancel-migration` (the broker's confirm is part of it) to the moment when the source's libvirt has no job, asked every {LookEvery.TotalMilliseconds:0} ms. In turn with it,
                beside Drover: the same move by virsh, and libvirt's own abort, from its call to the same moment: what nobody can be faster than.
                """,
            Figures =
            [
                Figure.AtMost("job gone, p50", gones.Median(), 300, "ms", $" (p95 {gones.Percentile(95):0} ms, most {gones.Max():0} ms)"),
                new("libvirt's own abort, p50", $"{alone.Median():0} ms (p95 {alone.Percentile(95):0} ms)"),
                new("Drover's part: the difference of the two, p50", $"{added.Median():0} ms (95 %: {low:0} to {high:0} ms)"),
                new("`migration.cancelled` received, p50", $"{tolds.Median():0} ms (p95 {tolds.Percentile(95):0} ms)"),
                new("broker's confirm of the command, p50", $"{measured.Select(run => run.Confirmed).ToArray().Median():0.#} ms"),
            ],
        };

        async Task<(double Confirmed, double Told, double Gone)> ByDrover()
        {
            var id = Guid.CreateVersion7();
            // With its source: for a moment after a cancel the destination still reports the guest, and by name alone it would be ambiguous.
            await client.Command("migrate-guest", new { migrationId = id, guest = Guest, source = BenchmarkLab.A, destination = BenchmarkLab.B }, cancellationToken);
            await client.Event(id, "migration.progressed", cancellationToken);
            await AnyMoment();
            var published = await client.Command("cancel-migration", new { migrationId = id, reason = "benchmark" }, cancellationToken);
            var confirmed = Stopwatch.GetElapsedTime(published).TotalMilliseconds;
            var gone = await UntilGone(published);
            return (confirmed, (await client.Event(id, "migration.cancelled", cancellationToken)).MillisecondsSince(published), gone);
        }

        async Task<double> ByLibvirt()
        {
            var move = lab.Virsh(Guest, BenchmarkLab.A, BenchmarkLab.B, cancellationToken);
            while (guest.Migration.ReadStats() is not { MemoryProcessed: > 0 })
                await sampling.WaitForNextTickAsync(cancellationToken);
            await AnyMoment();
            var told = Stopwatch.GetTimestamp();
            guest.Migration.Abort();
            var gone = await UntilGone(told);
            await Task.WhenAny(move);       // it fails, as it should
            return gone;
        }

        async Task<double> UntilGone(long since)
        {
            while (guest.Migration.ReadStats().Type != JobType.None)
                await sampling.WaitForNextTickAsync(cancellationToken);
            return Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        }

        // Agents look once a second: no moment of that second is preferred.
        async Task AnyMoment()
        {
            var (start, time) = (Stopwatch.GetTimestamp(), TimeSpan.FromMilliseconds(random.Next(0, 1000)));
            while (Stopwatch.GetElapsedTime(start) < time)
                await sampling.WaitForNextTickAsync(cancellationToken);
        }
    }
}
