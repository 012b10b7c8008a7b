namespace Drover.Hypervisors.Simulated.Physics;

/// <summary>How far one transfer's memory is. Bytes and seconds as real numbers: rounding to whole bytes would depend on how often somebody looked.</summary>
internal sealed record MemoryCopy
{
    /// <summary>QEMU's counter: how often the dirty pages were collected. 1 in the first pass, 0 before it.</summary>
    public long Iteration { get; init; }

    /// <summary>Bytes of memory that have not reached the destination in this pass: QEMU's own count is less by what waits in its socket.</summary>
    public double Left { get; init; }

    /// <summary>Of those, zero pages, which QEMU passes over.</summary>
    public double Zeros { get; init; }

    /// <summary>Seconds for which the link still idles, while QEMU collects dirty pages.</summary>
    public double Idle { get; init; }

    /// <summary>Seconds of this pass in which QEMU collected: it looks after its first stretch of sending from then on.</summary>
    public double CollectSeconds { get; init; }

    /// <summary>What this pass began with.</summary>
    public double PassBegan { get; init; }

    /// <summary>Seconds since this pass began.</summary>
    public double PassSeconds { get; init; }

    /// <summary>Unique bytes dirtied since the dirty pages were last collected.</summary>
    public double Dirtied { get; init; }

    /// <summary>Bytes of memory sent in all passes.</summary>
    public double Sent { get; init; }

    /// <summary>QEMU's dirty rate in bytes per second: what it collected in the last period of at least one second.</summary>
    public double DirtyRate { get; init; }

    /// <summary>Percent by which the guest's vCPUs are slowed down.</summary>
    public int Throttle { get; init; }

    /// <summary>Periods in which the guest dirtied too much since the last step of the throttle.</summary>
    public int BusyPeriods { get; init; }

    /// <summary>Seconds since the period began in which QEMU measures the dirty rate.</summary>
    public double PeriodSeconds { get; init; }

    /// <summary>Bytes collected as dirty in this period.</summary>
    public double PeriodDirtied { get; init; }

    /// <summary>Bytes that were sent when this period began.</summary>
    public double PeriodSentBefore { get; init; }
}
