using Drover.Hypervisors.Simulated;
using Drover.Hypervisors.Simulated.Physics;

namespace Drover.Hypervisors.Tests.Simulated;

/// <summary>The laws themselves, by numbers that can be checked by hand.</summary>
public sealed class When_memory_is_copied
{
    private const double MiB = 1 << 20;
    private static readonly MachineTraits s_traits = new();

    private static readonly MemoryLoad s_load = new()
    {
        MemoryBytes = 1024 << 20,
        NonZeroBytes = 512 << 20,
        HotSetBytes = 256 << 20,
        WriteOrder = WriteOrder.AtRandom,
        DirtyBytesPerSecond = 48 * MiB,
        MostDirtyBytesPerSecond = 480 * MiB,
    };

    [Theory]
    [InlineData(WriteOrder.InTurn, 2, 96)]
    [InlineData(WriteOrder.InTurn, 20, 256)]
    [InlineData(WriteOrder.AtRandom, 2, 80)]
    [InlineData(WriteOrder.AtRandom, 20, 250)]
    public void Writes_in_turn_dirty_more_pages_than_at_random(WriteOrder order, double seconds, double mib)
        => Assert.Equal(mib, Writing.Dirtied(0, s_load with { WriteOrder = order }, 0, seconds) / MiB, 1.0);

    /// <summary>It needs a tenth of its CPUs: it catches up until it gets less than that.</summary>
    [Theory]
    [InlineData(0, 48)]
    [InlineData(90, 48)]
    [InlineData(95, 24)]
    [InlineData(99, 4.8)]
    public void A_throttle_takes_the_guest_s_rest_first(int throttle, double mib)
        => Assert.Equal(mib, Writing.Dirtied(0, s_load with { WriteOrder = WriteOrder.InTurn }, throttle, 1) / MiB, 0.01);

    [Fact]
    public void A_page_that_was_not_sent_yet_counts_once()
    {
        var copy = new MemoryCopy { Iteration = 2, Left = 128 * MiB, Dirtied = 100 * MiB };
        Assert.Equal(50, Writing.New(copy, s_load, 0) / MiB, 0.01);
        Assert.Equal(97.02, Writing.New(copy, s_load with { WriteOrder = WriteOrder.InTurn }, 0) / MiB, 0.01);
        Assert.Equal(56, Writing.New(copy with { Left = 200 * MiB }, s_load with { WriteOrder = WriteOrder.InTurn }, 0) / MiB, 0.01);
    }

    /// <summary>25 600 pages take 307 ms; the link has 28 ms of work from the socket, then idles, then sends 1 MiB in 10 ms.</summary>
    [Fact]
    public void The_link_idles_while_many_pages_are_collected()
    {
        var copy = PreCopy.EndPass(new MemoryCopy { Iteration = 1, Dirtied = 100 * MiB, Left = 2.8 * MiB }, s_load, MachineTraits.SoftwareEmulation, 100 * MiB, 2.8 * MiB, autoConverge: false);
        Assert.Equal(0.279, copy.Idle, 0.001);
        Assert.Equal(1, PreCopy.After(copy, s_load, s_traits, 100 * MiB, copy.Idle + 0.01).Sent / MiB, 0.01);
    }

    /// <summary>At 99 % a vCPU runs for 10 ms and sleeps for 990: 0.3 s into the pass, it wakes in 0.7 s.</summary>
    [Fact]
    public void Under_software_emulation_collecting_waits_for_a_throttled_vcpu()
    {
        var copy = new MemoryCopy { Iteration = 9, Throttle = 99, PassSeconds = 0.3 };
        Assert.Equal(0.7, PreCopy.Collecting(copy, MachineTraits.SoftwareEmulation, 0), 0.001);
        Assert.Equal(0, PreCopy.Collecting(copy, s_traits, 0), 0.001);
    }

    /// <summary>498 MiB at 100 MiB/s, then 512 MiB of zero pages in a quarter of a second, then the last 14 MiB.</summary>
    [Theory]
    [InlineData(4.98, 498, 526)]
    [InlineData(5.105, 498, 270)]
    [InlineData(5.23, 498, 14)]
    [InlineData(5.29, 504, 8)]
    public void Zero_pages_are_passed_over_and_not_sent(double seconds, double sent, double left)
    {
        var copy = PreCopy.After(PreCopy.Begin(s_load), s_load, s_traits, 100 * MiB, seconds);
        Assert.Equal((sent, left), (Math.Round(copy.Sent / MiB), Math.Round(copy.Left / MiB)));
        Assert.Equal(5.37, seconds + PreCopy.UntilAllSent(copy, s_traits, 100 * MiB)!.Value, 0.001);
    }
}
