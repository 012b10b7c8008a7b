using Drover.Hypervisors.Libvirt;
using Drover.Libvirt;
using Drover.Policy.Model;

namespace Drover.Hypervisors.Tests.Libvirt;

public sealed class When_libvirts_words_are_translated
{
    private static readonly JobStats s_running = new()
    {
        Type = JobType.Unbounded, Operation = JobOperation.MigrationOut, Elapsed = TimeSpan.FromSeconds(12), Downtime = TimeSpan.FromMilliseconds(350),
        MemoryTotal = 1L << 30, MemoryProcessed = 300L << 20, MemoryRemaining = 700L << 20, MemoryBytesPerSecond = 40L << 20,
        DirtyPagesPerSecond = 12_000, PageSize = 4_096, Iteration = 3, DiskTotal = 0, DiskProcessed = 0, DiskRemaining = 0, ThrottlePercent = 20,
    };

    [Fact]
    public void A_running_job_is_a_sample() => Assert.Equal(
        new Sample
        {
            Elapsed = TimeSpan.FromSeconds(12), Iteration = 3, Phase = TransferPhase.PreCopy, MemoryTotalBytes = 1L << 30, MemoryProcessedBytes = 300L << 20,
            MemoryRemainingBytes = 700L << 20, BytesPerSecond = 40L << 20, DirtyBytesPerSecond = 49_152_000, ThrottlePercent = 20,
            ExpectedDowntime = TimeSpan.FromMilliseconds(350),
        },
        JobReading.Sample(s_running, PowerReason.Other));

    [Fact]
    public void Its_phase_is_what_moves_now()
    {
        Assert.Equal(TransferPhase.PostCopy, JobReading.Sample(s_running, PowerReason.PostCopy)?.Phase);
        Assert.Equal(TransferPhase.PostCopy, JobReading.Sample(s_running, PowerReason.PostCopyFailed)?.Phase);
        Assert.Equal(TransferPhase.PreCopy, JobReading.Sample(s_running, PowerReason.Migration)?.Phase);
        Assert.Equal(TransferPhase.Setup, JobReading.Sample(s_running with { MemoryTotal = 0, MemoryProcessed = 0 }, PowerReason.Other)?.Phase);
        var disks = JobReading.Sample(s_running with { MemoryProcessed = 0, DiskTotal = 10, DiskProcessed = 4, DiskRemaining = 6, DiskBytesPerSecond = 2 }, PowerReason.Other);
        Assert.Equal((TransferPhase.Disks, 10, 4, 2), (disks?.Phase, disks?.DiskTotalBytes, disks?.DiskProcessedBytes, disks?.BytesPerSecond));
    }

    [Fact]
    public void No_outgoing_migration_is_no_sample()
    {
        Assert.Null(JobReading.Sample(s_running with { Type = JobType.None }, PowerReason.Other));
        Assert.Null(JobReading.Sample(s_running with { Type = JobType.Completed }, PowerReason.Other));
        Assert.Null(JobReading.Sample(s_running with { Operation = JobOperation.MigrationIn }, PowerReason.Other));
        Assert.Null(JobReading.Sample(s_running with { Operation = JobOperation.Unknown }, PowerReason.Other));
    }

    [Fact]
    public void A_job_that_says_little_is_a_sample_of_zeros()
        => Assert.Equal((0, 0, TransferPhase.Setup), JobReading.Sample(new JobStats { Type = JobType.Unbounded, Operation = JobOperation.MigrationOut }, PowerReason.Other) is { } s
            ? (s.DirtyBytesPerSecond, s.MemoryTotalBytes, s.Phase) : default);

    [Theory]
    [InlineData(GuestRunState.Running, 2, GuestPower.Running, PowerReason.Migrated)]
    [InlineData(GuestRunState.Running, 1, GuestPower.Running, PowerReason.Other)]
    [InlineData(GuestRunState.Running, 6, GuestPower.Running, PowerReason.MigrationCancelled)]
    [InlineData(GuestRunState.Blocked, 10, GuestPower.Running, PowerReason.PostCopy)]
    [InlineData(GuestRunState.Running, 11, GuestPower.Running, PowerReason.PostCopyFailed)]
    [InlineData(GuestRunState.Paused, 1, GuestPower.Paused, PowerReason.User)]
    [InlineData(GuestRunState.Paused, 2, GuestPower.Paused, PowerReason.Migration)]
    [InlineData(GuestRunState.Paused, 12, GuestPower.Paused, PowerReason.PostCopy)]
    [InlineData(GuestRunState.Paused, 13, GuestPower.Paused, PowerReason.PostCopyFailed)]
    [InlineData(GuestRunState.Paused, 10, GuestPower.Paused, PowerReason.Crashed)]
    [InlineData(GuestRunState.Paused, 5, GuestPower.Paused, PowerReason.Other)]
    [InlineData(GuestRunState.ShutOff, 4, GuestPower.ShutOff, PowerReason.Migrated)]
    [InlineData(GuestRunState.ShutOff, 1, GuestPower.ShutOff, PowerReason.Shutdown)]
    [InlineData(GuestRunState.ShutOff, 2, GuestPower.ShutOff, PowerReason.Destroyed)]
    [InlineData(GuestRunState.ShutOff, 3, GuestPower.ShutOff, PowerReason.Crashed)]
    [InlineData(GuestRunState.ShutOff, 6, GuestPower.ShutOff, PowerReason.Failed)]
    [InlineData(GuestRunState.Crashed, 1, GuestPower.Crashed, PowerReason.Crashed)]
    [InlineData(GuestRunState.ShuttingDown, 0, GuestPower.Other, PowerReason.Shutdown)]
    public void State_and_reason_are_the_policys(GuestRunState state, int reason, GuestPower power, PowerReason why)
        => Assert.Equal((power, why), (GuestReading.PowerOf(new GuestStatus(state, reason)), GuestReading.ReasonOf(new GuestStatus(state, reason))));

    [Theory]
    [InlineData(42, 10, HypervisorFailure.GuestGone)]
    [InlineData(3, 12, HypervisorFailure.NotSupported)]
    [InlineData(38, 7, HypervisorFailure.Unavailable)]
    [InlineData(68, 10, HypervisorFailure.Busy)]
    [InlineData(55, 10, HypervisorFailure.Failed)]
    [InlineData(9, 10, HypervisorFailure.Failed)]
    public void An_error_says_what_the_caller_can_do(int code, int domain, HypervisorFailure kind)
        => Assert.Equal(kind, Failures.KindOf(new LibvirtException(code, domain, "words")));

    [Fact]
    public void A_persistent_guest_takes_its_definition_along()
    {
        var plan = new TransferPlan { Guest = Guid.Empty, PeerUri = "qemu+tcp://10.0.0.2/system", Persistent = true };
        Assert.Equal(0b1_0000_0001_1011u, (uint)Transfers.FlagsOf(plan));
        Assert.Equal(0b1_0000_0000_0011u, (uint)Transfers.FlagsOf(plan with { Persistent = false }));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(1L, 1UL)]
    [InlineData(100_000_000L, 95UL)]
    [InlineData(64L << 20, 64UL)]
    public void A_cap_is_whole_MiB_rounded_down_and_never_none(long? bytes, ulong? speed)
        => Assert.Equal(speed, Transfers.SpeedOf(new TransferPlan { Guest = Guid.Empty, PeerUri = "x", Persistent = true, BandwidthBytesPerSecond = bytes }));
}
