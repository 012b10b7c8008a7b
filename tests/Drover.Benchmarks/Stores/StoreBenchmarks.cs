using Drover.Benchmarks.Bus;
using Drover.Benchmarks.Reporting;
using Drover.Testing;

namespace Drover.Benchmarks.Stores;

/// <summary>The embedded store beside the clustered one: the same load on each, in turn.</summary>
internal static class StoreBenchmarks
{
    private const int Pairs = 4;

    /// <summary>Lifecycles of each guest to warm up, in a slice at full load, and in a slice of one guest.</summary>
    private const int WarmUp = 20, FullEach = 4, AloneEach = 50;

    public static async Task<IReadOnlyList<Section>> Run(CancellationToken cancellationToken)
    {
        var disk = new Disk(Path.GetTempPath());
        await using var broker = new PrivateRabbitMq();
        await using var postgres = new PrivatePostgres { Durable = true };
        await using var embedded = await EmbeddedStore.Start(disk, cancellationToken);
        await using var clustered = await ClusteredStore.Start(disk, await postgres.CreateDatabase(), await broker.CreateVirtualHost(), cancellationToken);
        foreach (Store store in new Store[] { embedded, clustered })
        {
            Console.Error.WriteLine($"warming up {store.GetType().Name}: {SagaLoad.Guests * WarmUp} lifecycles");
            await store.Run(SagaLoad.Guests, WarmUp, cancellationToken);
        }

        List<Pair> full = [];
        List<Pair> alone = [];
        while (full.Count < Pairs)
        {
            var embeddedFirst = full.Count % 2 == 0;
            full.Add(await Compare(embedded, clustered, embeddedFirst, SagaLoad.Guests, FullEach, cancellationToken));
            alone.Add(await Compare(embedded, clustered, embeddedFirst, 1, AloneEach, cancellationToken));
        }
        return [Full(full, disk), Alone(alone)];
    }

    private static async Task<Pair> Compare(Store embedded, Store clustered, bool embeddedFirst, int guests, int each, CancellationToken cancellationToken)
    {
        var first = await (embeddedFirst ? embedded : clustered).Run(guests, each, cancellationToken);
        var second = await (embeddedFirst ? clustered : embedded).Run(guests, each, cancellationToken);
        var pair = embeddedFirst ? new Pair(first, second) : new Pair(second, first);
        Console.Error.WriteLine($"{guests} at once: embedded {pair.Embedded}; clustered {pair.Clustered}");
        return pair;
    }

    private static Section Full(IReadOnlyList<Pair> pairs, Disk disk) => new()
    {
        Title = "Embedded and clustered",
        Method = $"""
            The same load on both: {SagaLoad.Guests} guests move among {SagaLoad.Hosts} hosts without a pause, agents answer at once, a client sends each command as the HTTP API does (one committed outbox
            row) and awaits `migration.completed`. **Embedded** is one process: coordinator, agents and client on SQLite (write-ahead log, `synchronous=FULL`) and queues in
            memory behind the durable hop. **Clustered** is `drover coordinator` on PostgreSQL and RabbitMQ (quorum queues; every commit waits for the disk), with agents and
            client in one more process. All on one {disk.FileSystem}; both log warnings only. CPU is that of all processes that take part; the measuring one does not.
            After {SagaLoad.Guests * WarmUp} lifecycles each to warm up, {pairs.Count} ABBA pairs of {SagaLoad.Guests * FullEach} lifecycles each. Medians of the pairs, least and most in brackets.
            """,
        Figures =
        [
            .. Rates(pairs),
            .. Cpu(pairs),
            new("command to completed, p50 (p95)", $"embedded {Latency(pairs, p => p.Embedded)}; clustered {Latency(pairs, p => p.Clustered)}"),
            new("transactions for each, reads of PostgreSQL among them", $"embedded {Range(pairs, p => p.Embedded.Transactions)}; clustered {Range(pairs, p => p.Clustered.Transactions)}"),
            new("disk flushes for each, by the disk's own count", $"embedded {Range(pairs, p => p.Embedded.Flushes ?? double.NaN)}; clustered {Range(pairs, p => p.Clustered.Flushes ?? double.NaN)}"),
        ],
    };

    private static Section Alone(IReadOnlyList<Pair> pairs) => new()
    {
        Title = "One lifecycle at a time",
        Method = $"In the same run, after each of the above: one guest moves on and on, {AloneEach} lifecycles each. What the programs do when idle is part of the CPU here.",
        Figures =
        [
            .. Rates(pairs),
            new("command to completed, p50 (p95)", $"embedded {Latency(pairs, p => p.Embedded)}; clustered {Latency(pairs, p => p.Clustered)}"),
            .. Cpu(pairs),
            new("disk flushes for each, by the disk's own count", $"embedded {Range(pairs, p => p.Embedded.Flushes ?? double.NaN)}; clustered {Range(pairs, p => p.Clustered.Flushes ?? double.NaN)}"),
        ],
    };

    private static IEnumerable<Figure> Rates(IReadOnlyList<Pair> pairs) =>
    [
        new("lifecycles, embedded", $"{Range(pairs, p => p.Embedded.PerSecond)} a second"),
        new("lifecycles, clustered", $"{Range(pairs, p => p.Clustered.PerSecond)} a second"),
        new("embedded to clustered", $"{Range(pairs, p => p.Embedded.PerSecond / p.Clustered.PerSecond)} x"),
    ];

    private static IEnumerable<Figure> Cpu(IReadOnlyList<Pair> pairs) =>
    [
        new("CPU for each lifecycle, embedded", $"{Range(pairs, p => p.Embedded.Cpu.Total)} ms, one process"),
        new("CPU for each lifecycle, clustered", $"{Range(pairs, p => p.Clustered.Cpu.Total)} ms: coordinator {Median(pairs, p => p.Clustered.Cpu.Coordinator)} + PostgreSQL {Median(pairs, p => p.Clustered.Cpu.Postgres)}"
            + $" + RabbitMQ {Median(pairs, p => p.Clustered.Cpu.Broker)} + agents and client {Median(pairs, p => p.Clustered.Cpu.Measuring)}"),
        new("CPU, embedded to clustered", $"{Range(pairs, p => p.Embedded.Cpu.Total / p.Clustered.Cpu.Total)} x"),
    ];

    private static string Latency(IReadOnlyList<Pair> pairs, Func<Pair, StoreSlice> of)
    {
        var all = pairs.SelectMany(pair => of(pair).Latencies).ToArray();
        return $"{Figure.Number(all.Median())} ({Figure.Number(all.Percentile(95))}) ms of {all.Length}";
    }

    private static string Median(IReadOnlyList<Pair> pairs, Func<Pair, double> what) => Figure.Number(pairs.Select(what).ToArray().Median());

    private static string Range(IReadOnlyList<Pair> pairs, Func<Pair, double> what) => $"{Median(pairs, what)} ({Figure.Number(pairs.Min(what))} to {Figure.Number(pairs.Max(what))})";

    private sealed record Pair(StoreSlice Embedded, StoreSlice Clustered);
}
