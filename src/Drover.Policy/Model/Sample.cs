namespace Drover.Policy.Model;

/// <summary>
/// One reading of a running migration's job (libvirt: virDomainGetJobStats). Readings inside a pass are a saw-tooth and never compared:
/// judgements are made from passes (FACTS: only values at iteration boundaries compare).
/// </summary>
public readonly record struct Sample
{
    /// <summary>Time since the job began.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Libvirt's iteration counter as it is read: it may start above 1.</summary>
    public required long Iteration { get; init; }

    /// <summary>What is moved now.</summary>
    public required TransferPhase Phase { get; init; }

    /// <summary>Guest memory in bytes.</summary>
    public required long MemoryTotalBytes { get; init; }

    /// <summary>Memory bytes sent so far, in all passes.</summary>
    public required long MemoryProcessedBytes { get; init; }

    /// <summary>Memory bytes still to send in this pass.</summary>
    public required long MemoryRemainingBytes { get; init; }

    /// <summary>Disk bytes to copy; 0 when no disk is copied.</summary>
    public long DiskTotalBytes { get; init; }

    /// <summary>Disk bytes copied.</summary>
    public long DiskProcessedBytes { get; init; }

    /// <summary>Throughput as QEMU estimates it, bytes per second; 0 when it does not know yet.</summary>
    public long BytesPerSecond { get; init; }

    /// <summary>Dirty rate as QEMU saw it in the last pass, bytes per second.</summary>
    public long DirtyBytesPerSecond { get; init; }

    /// <summary>Auto-converge throttle in percent, 0..99.</summary>
    public int ThrottlePercent { get; init; }

    /// <summary>The downtime that QEMU expects if it switched over now.</summary>
    public TimeSpan ExpectedDowntime { get; init; }
}

/// <summary>What a running transfer is doing.</summary>
public enum TransferPhase
{
    /// <summary>Setting up; nothing is sent yet.</summary>
    Setup = 0,

    /// <summary>Copying disks.</summary>
    Disks = 1,

    /// <summary>Pre-copy of memory.</summary>
    PreCopy = 2,

    /// <summary>Post-copy: the guest runs on the destination.</summary>
    PostCopy = 3,
}
