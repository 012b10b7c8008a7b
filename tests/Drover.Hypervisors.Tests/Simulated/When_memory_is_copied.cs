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
        Assert.Equal(100, Writing.New(copy, s_load with { WriteOrder = WriteOrder.InTurn }, 0) / MiB, 0.01);
        Assert.Equal(56, Writing.New(copy with { Left = 200 * MiB }, s_load with { WriteOrder = WriteOrder.InTurn }, 0) / MiB, 0.01);
    }

    /// <summary>500 MiB at 100 MiB/s, then 512 MiB of zero pages in a quarter of a second, then the last 12 MiB.</summary>
    [Theory]
    [InlineData(5, 500, 524)]
    [InlineData(5.125, 500, 268)]
    [InlineData(5.25, 500, 12)]
    [InlineData(5.31, 506, 6)]
    public void Zero_pages_are_passed_over_and_not_sent(double seconds, double sent, double left)
    {
        var copy = PreCopy.After(PreCopy.Begin(s_load), s_load, s_traits, 100 * MiB, seconds);
        Assert.Equal((sent, left), (Math.Round(copy.Sent / MiB), Math.Round(copy.Left / MiB)));
        Assert.Equal(5.37, seconds + PreCopy.UntilAllSent(copy, s_traits, 100 * MiB)!.Value, 0.001);
    }
}
