using System.Diagnostics;
using Drover.Benchmarks.Bus;

namespace Drover.Benchmarks.Stores;

/// <summary>One of the two ways to keep Drover's memory, with the load on it.</summary>
internal abstract class Store(LoadProcess load, Disk disk) : IAsyncDisposable
{
    protected LoadProcess Load { get; } = load;

    /// <summary>
    /// Lets so many guests move, and measures from one lifecycle's end to another's. Those that began together go on nearly in step, so that a whole number of
    /// lifecycles for each guest is measured, and a stretch of time would not do; the first lifecycle of each, in which the load builds up, does not count.
    /// </summary>
    public async Task<StoreSlice> Run(int guests, int lifecyclesEach, CancellationToken cancellationToken)
    {
        var ended = guests * lifecyclesEach;
        await Load.Begin(guests, cancellationToken);
        var before = await Look(await Load.Next(guests, cancellationToken), cancellationToken);
        var after = await Look(await Load.Next(ended, cancellationToken), cancellationToken);
        await Load.End(cancellationToken);
        return new StoreSlice
        {
            PerSecond = ended / Stopwatch.GetElapsedTime(before.At, after.At).TotalSeconds,
            Cpu = (after.Cpu - before.Cpu) / ended,
            Transactions = (after.Transactions - before.Transactions) / (double)ended,
            Flushes = (after.Flushes - before.Flushes) / (double?)ended,
            Latencies = after.Report.Latencies,
        };
    }

    public abstract ValueTask DisposeAsync();

    /// <summary>CPU of every process that takes part.</summary>
    protected abstract CpuTimes Cpu();

    /// <summary>Transactions so far.</summary>
    protected abstract Task<long> Transactions(LoadReport report, CancellationToken cancellationToken);

    private async Task<Glance> Look(LoadReport report, CancellationToken cancellationToken)
    {
        var (at, cpu, flushes) = (Stopwatch.GetTimestamp(), Cpu(), disk.Flushes());
        return new Glance(report, at, cpu, flushes, await Transactions(report, cancellationToken));
    }

    private sealed record Glance(LoadReport Report, long At, CpuTimes Cpu, long? Flushes, long Transactions);
}

/// <summary>What some seconds of load came to; all but <see cref="PerSecond"/> and <see cref="Latencies"/> for each lifecycle.</summary>
internal sealed record StoreSlice
{
    public required double PerSecond { get; init; }

    /// <summary>Milliseconds.</summary>
    public required CpuTimes Cpu { get; init; }

    public required double Transactions { get; init; }

    /// <summary>Of the disk; null where no disk is known.</summary>
    public required double? Flushes { get; init; }

    /// <summary>Milliseconds from the command to its end.</summary>
    public required double[] Latencies { get; init; }

    public override string ToString() =>
        $"{PerSecond:0.0}/s, CPU {Cpu.Total:0.0} ms ({Cpu.Coordinator:0.0} + {Cpu.Postgres:0.0} + {Cpu.Broker:0.0} + {Cpu.Measuring:0.0}), {Transactions:0.0} transactions, {Flushes:0.0} flushes";
}
