using Drover.Libvirt.Handles;

namespace Drover.Libvirt;

/// <summary>
/// Statistics of a guest's job, as far as migrations use them (libvirt: virDomainGetJobStats). What libvirt does not say is null.
/// Times are milliseconds of the wall clock; sizes are bytes.
/// </summary>
public sealed record JobStats
{
    /// <summary>Whether there is a job, or how it ended.</summary>
    public required JobType Type { get; init; }

    /// <summary>What the job does; Unknown when there is none.</summary>
    public required JobOperation Operation { get; init; }

    /// <summary>Time since the job began, or that it took.</summary>
    public TimeSpan? Elapsed { get; init; }

    /// <summary>Expected pause while the job runs, the measured one when it has ended.</summary>
    public TimeSpan? Downtime { get; init; }

    /// <summary>Bytes that memory and disks have together.</summary>
    public ulong? DataTotal { get; init; }

    /// <summary>Bytes sent, memory and disks together.</summary>
    public ulong? DataProcessed { get; init; }

    /// <summary>Guest memory.</summary>
    public ulong? MemoryTotal { get; init; }

    /// <summary>Memory bytes sent, in all passes.</summary>
    public ulong? MemoryProcessed { get; init; }

    /// <summary>Memory bytes left in this pass.</summary>
    public ulong? MemoryRemaining { get; init; }

    /// <summary>Memory throughput, bytes per second.</summary>
    public ulong? MemoryBytesPerSecond { get; init; }

    /// <summary>Pages that the guest dirties per second: pages, not bytes.</summary>
    public ulong? DirtyPagesPerSecond { get; init; }

    /// <summary>Size of such a page.</summary>
    public ulong? PageSize { get; init; }

    /// <summary>Passes over memory so far.</summary>
    public ulong? Iteration { get; init; }

    /// <summary>Disk bytes to copy.</summary>
    public ulong? DiskTotal { get; init; }

    /// <summary>Disk bytes copied.</summary>
    public ulong? DiskProcessed { get; init; }

    /// <summary>Disk bytes left.</summary>
    public ulong? DiskRemaining { get; init; }

    /// <summary>Disk throughput, bytes per second.</summary>
    public ulong? DiskBytesPerSecond { get; init; }

    /// <summary>Auto-converge throttle, percent.</summary>
    public int? ThrottlePercent { get; init; }

    internal static JobStats Read(JobType type, TypedParametersHandle list) => new()
    {
        Type = type,
        Operation = (JobOperation)(list.Int32("operation") ?? 0),
        Elapsed = Milliseconds(list.UInt64("time_elapsed")),
        Downtime = Milliseconds(list.UInt64("downtime")),
        DataTotal = list.UInt64("data_total"),
        DataProcessed = list.UInt64("data_processed"),
        MemoryTotal = list.UInt64("memory_total"),
        MemoryProcessed = list.UInt64("memory_processed"),
        MemoryRemaining = list.UInt64("memory_remaining"),
        MemoryBytesPerSecond = list.UInt64("memory_bps"),
        DirtyPagesPerSecond = list.UInt64("memory_dirty_rate"),
        PageSize = list.UInt64("memory_page_size"),
        Iteration = list.UInt64("memory_iteration"),
        DiskTotal = list.UInt64("disk_total"),
        DiskProcessed = list.UInt64("disk_processed"),
        DiskRemaining = list.UInt64("disk_remaining"),
        DiskBytesPerSecond = list.UInt64("disk_bps"),
        ThrottlePercent = list.Int32("auto_converge_throttle"),
    };

    private static TimeSpan? Milliseconds(ulong? value) => value is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
}

/// <summary>Whether there is a job (libvirt: virDomainJobType).</summary>
public enum JobType
{
    /// <summary>No job.</summary>
    None = 0,

    /// <summary>Running, with an end in sight.</summary>
    Bounded = 1,

    /// <summary>Running, with no end in sight: migrations are this.</summary>
    Unbounded = 2,

    /// <summary>Ended well.</summary>
    Completed = 3,

    /// <summary>Failed.</summary>
    Failed = 4,

    /// <summary>Aborted.</summary>
    Cancelled = 5,
}

/// <summary>What a job does (libvirt: virDomainJobOperation); other numbers are other operations.</summary>
public enum JobOperation
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>A guest coming to this host.</summary>
    MigrationIn = 4,

    /// <summary>A guest leaving this host.</summary>
    MigrationOut = 5,
}
