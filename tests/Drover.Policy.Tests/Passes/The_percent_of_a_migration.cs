using CsCheck;
using Drover.Policy.Passes;

namespace Drover.Policy.Tests.Passes;

public class The_percent_of_a_migration
{
    [Fact]
    public void The_worked_example_holds()
    {
        Assert.Equal([80, 90, 95, 97, 98, 99, 99], Enumerable.Range(2, 7).Select(pass => Percent.Of(Readings.At(9, pass, 5000, 10), pass)));
        Assert.Equal(40, Percent.Of(Readings.At(1, 1, 500, 500), 1));
        Assert.Equal(0, Percent.Of(Readings.At(0, 0, 0, 0), 1));
    }

    [Fact]
    public void Disks_count_with_memory() =>
        Assert.Equal(60, Percent.Of(Readings.At(1, 0, 0, 0) with { DiskTotalBytes = 3000, DiskProcessedBytes = 3000 }, 1));

    [Fact]
    public void It_is_between_0_and_99_whatever_is_read() =>
        Gen.Select(Gen.Long[0, 2000], Gen.Long[0, 100], Gen.Long[1, long.MaxValue])
            .Sample((remaining, iteration, pass) => Assert.InRange(Percent.Of(Readings.At(1, iteration, 0, remaining), pass), 0, 99));

    [Fact]
    public void It_rises_with_every_pass() =>
        Gen.Long[1, 60].Sample(pass => Assert.True(Percent.Of(Readings.At(1, pass + 1, 0, 900), pass + 1) >= Percent.Of(Readings.At(1, pass, 0, 0), pass)));
}
