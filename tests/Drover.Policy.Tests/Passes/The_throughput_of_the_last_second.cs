using Drover.Policy.Passes;

namespace Drover.Policy.Tests.Passes;

public class The_throughput_of_the_last_second
{
    [Fact]
    public void One_reading_gives_none() => Assert.Equal(0, new Throughput().See(Readings.At(1, 1, 500, 500)).BytesPerSecond);

    [Fact]
    public void It_forgets_what_is_older_than_a_second()
    {
        var throughput = new Throughput();
        foreach (var (at, sent) in new[] { (0d, 0L), (1, 1000), (2, 1100), (2.5, 1150), (3, 1200) })
            throughput = throughput.See(Readings.At(at, 1, sent, 0));
        Assert.Equal(100, throughput.BytesPerSecond);
    }

    [Fact]
    public void A_reading_of_the_same_instant_changes_nothing()
    {
        var before = new Throughput().See(Readings.At(0, 1, 0, 0)).See(Readings.At(1, 1, 700, 0));
        Assert.Equal(700, before.See(Readings.At(1, 1, 900, 0)).BytesPerSecond);
    }
}
