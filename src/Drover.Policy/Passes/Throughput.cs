using System.Collections.Immutable;
using Drover.Policy.Model;

namespace Drover.Policy.Passes;

/// <summary>Bytes per second over the last second of readings, memory and disks: what moved, where QEMU's own estimate can be off by orders of magnitude.</summary>
public sealed record Throughput
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    /// <summary>More readings than this in one second are thinned out: the oldest goes.</summary>
    private const int Most = 32;

    private readonly ImmutableList<(TimeSpan At, long Bytes)> _readings = [];

    /// <summary>0 until there are two readings.</summary>
    public long BytesPerSecond { get; private init; }

    /// <summary>The throughput after another reading.</summary>
    public Throughput See(Sample sample)
    {
        var newest = (At: sample.Elapsed, Bytes: sample.MemoryProcessedBytes + sample.DiskProcessedBytes);
        var readings = _readings;
        if (readings is [.., var last] && newest.At <= last.At)
            return this;        // the same instant again, or another job's clock
        while (readings is [_, var second, ..] && (newest.At - second.At >= Window || readings.Count >= Most))
            readings = readings.RemoveAt(0);

        var rate = readings is [var oldest, ..] ? (newest.Bytes - oldest.Bytes) / (newest.At - oldest.At).TotalSeconds : 0;
        return new Throughput(readings.Add(newest)) { BytesPerSecond = Math.Max(0, (long)rate) };
    }

    /// <summary>Nothing read yet.</summary>
    public Throughput()
    {
    }

    private Throughput(ImmutableList<(TimeSpan At, long Bytes)> readings) => _readings = readings;
}
