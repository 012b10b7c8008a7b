using Drover.Libvirt;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Libvirt;

/// <summary>Job statistics in the policy's words.</summary>
internal static class JobReading
{
    /// <summary>The reading of an outgoing migration; null when the job is none.</summary>
    /// <param name="job">Libvirt's statistics.</param>
    /// <param name="reason">Why the guest is in its state: post-copy shows there, not in the statistics.</param>
    internal static Sample? Sample(JobStats job, PowerReason reason)
        => job is not { Type: JobType.Bounded or JobType.Unbounded, Operation: JobOperation.MigrationOut } ? null : new Sample
        {
            Elapsed = job.Elapsed ?? TimeSpan.Zero,
            Iteration = Long(job.Iteration),
            Phase = PhaseOf(job, reason),
            MemoryTotalBytes = Long(job.MemoryTotal),
            MemoryProcessedBytes = Long(job.MemoryProcessed),
            MemoryRemainingBytes = Long(job.MemoryRemaining),
            DiskTotalBytes = Long(job.DiskTotal),
            DiskProcessedBytes = Long(job.DiskProcessed),
            BytesPerSecond = Long(PhaseOf(job, reason) == TransferPhase.Disks ? job.DiskBytesPerSecond : job.MemoryBytesPerSecond),
            // 12 000 pages/s of 4096 bytes: 49 MB/s.
            DirtyBytesPerSecond = Long(job.DirtyPagesPerSecond * job.PageSize),
            ThrottlePercent = job.ThrottlePercent ?? 0,
            ExpectedDowntime = job.Downtime ?? TimeSpan.Zero,
        };

    /// <summary>What a finished job moved.</summary>
    internal static TransferTotals Totals(JobStats job) => new()
    {
        Elapsed = job.Elapsed ?? TimeSpan.Zero,
        Downtime = job.Downtime,
        TransferredBytes = Long(job.DataProcessed),
        Passes = Long(job.Iteration),
    };

    /// <summary>Disks are copied first, whole; memory moves after them, though a few of its bytes may be counted before.</summary>
    private static TransferPhase PhaseOf(JobStats job, PowerReason reason) => (reason, job) switch
    {
        (PowerReason.PostCopy or PowerReason.PostCopyFailed, _) => TransferPhase.PostCopy,
        (_, { MemoryProcessed: null or 0, DiskRemaining: > 0 }) => TransferPhase.Disks,
        (_, { MemoryTotal: null or 0 }) => TransferPhase.Setup,
        _ => TransferPhase.PreCopy,
    };

    private static long Long(ulong? value) => (long)(value ?? 0);
}
