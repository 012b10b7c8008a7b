using Drover.Libvirt.Handles;

namespace Drover.Libvirt.Tests;

public sealed class When_typed_parameters_are_built
{
    public When_typed_parameters_are_built() => EventLoop.EnsureRunning();

    [Fact]
    public void They_read_back_and_what_is_missing_is_null()
    {
        using var list = new TypedParametersHandle()
            .Add("migrate_uri", "tcp://10.0.0.2").Add("bandwidth", ulong.MaxValue).Add("auto_converge_throttle", -1)
            .Add("not_said", (string?)null).Add("not_said", (ulong?)null).Add("not_said", (int?)null);
        Assert.Equal(3, list.Count);
        Assert.Equal("tcp://10.0.0.2", list.Text("migrate_uri"));
        Assert.Equal(ulong.MaxValue, list.UInt64("bandwidth"));
        Assert.Equal(-1, list.Int32("auto_converge_throttle"));
        Assert.Equal((null, null, null), (list.Text("not_said"), list.UInt64("not_said"), list.Int32("not_said")));
    }

    [Fact]
    public void An_empty_list_reads_as_nothing()
    {
        using var list = new TypedParametersHandle();
        Assert.Equal((0, (ulong?)null), (list.Count, list.UInt64("bandwidth")));
    }

    [Fact]
    public void A_wrong_type_is_an_error()
    {
        using var list = new TypedParametersHandle().Add("bandwidth", 1);
        Assert.Throws<LibvirtException>(() => list.UInt64("bandwidth"));
    }

    [Fact]
    public void Job_statistics_are_read_by_libvirts_names()
    {
        using var list = new TypedParametersHandle()
            .Add("operation", (int)JobOperation.MigrationOut).Add("time_elapsed", 1_500UL).Add("downtime", 30UL).Add("memory_total", 1UL << 28)
            .Add("memory_dirty_rate", 12_000UL).Add("memory_page_size", 4_096UL).Add("memory_iteration", 3UL).Add("auto_converge_throttle", 20);
        var stats = JobStats.Read(JobType.Unbounded, list);
        Assert.Equal(
            new JobStats
            {
                Type = JobType.Unbounded, Operation = JobOperation.MigrationOut, Elapsed = TimeSpan.FromSeconds(1.5), Downtime = TimeSpan.FromMilliseconds(30),
                MemoryTotal = 1UL << 28, DirtyPagesPerSecond = 12_000, PageSize = 4_096, Iteration = 3, ThrottlePercent = 20,
            },
            stats);
    }
}
