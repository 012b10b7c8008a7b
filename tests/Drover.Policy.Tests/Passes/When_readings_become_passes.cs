using CsCheck;
using Drover.Policy.Passes;

namespace Drover.Policy.Tests.Passes;

public class When_readings_become_passes
{
    [Fact]
    public void A_pass_ends_where_the_counter_changes()
    {
        var watch = PassWatch.FromStart().See(Readings.At(0, 0, 0, 0)).See(Readings.At(1, 1, 100, 900)).See(Readings.At(2, 1, 600, 400));
        Assert.Null(watch.Ended);
        Assert.Equal(1, watch.Number);

        watch = watch.See(Readings.At(3, 2, 1000, 300));
        Assert.Equal(2, watch.Number);
        Assert.Equal(new Pass { Number = 1, Covers = 1, Duration = TimeSpan.FromSeconds(2), SentBytes = 900, LeftBytes = 300, DirtyBytesPerSecond = 0 }, watch.Ended);
        Assert.Null(watch.See(Readings.At(4, 2, 1100, 200)).Ended);
    }

    [Fact]
    public void A_counter_that_begins_above_one_begins_with_pass_one() =>
        Assert.Equal(2, PassWatch.FromStart().See(Readings.At(1, 8, 0, 1000)).See(Readings.At(2, 9, 1000, 100)).Number);

    [Fact]
    public void A_counter_joined_on_the_way_is_the_pass() =>
        Assert.Equal(9, PassWatch.FromTheMiddle().See(Readings.At(1, 9, 0, 1000)).Number);

    [Fact]
    public void Missed_passes_are_counted()
    {
        var watch = PassWatch.FromStart().See(Readings.At(1, 1, 100, 900)).See(Readings.At(2, 5, 2000, 50));
        Assert.Equal(5, watch.Number);
        Assert.Equal((4, 4), (watch.Ended!.Value.Number, watch.Ended.Value.Covers));
    }

    [Fact]
    public void The_number_never_falls_whatever_the_counter_does() =>
        Gen.Long[0, 30].List[1, 40].Sample(counters =>
        {
            var watch = PassWatch.FromStart();
            foreach (var (counter, second) in counters.Select((counter, second) => (counter, second)))
            {
                var before = watch.Number;
                watch = watch.See(Readings.At(second, counter, second * 10, 10));
                Assert.True(watch.Number >= before);
                Assert.Equal(watch.Number > before, watch.Ended is not null);
            }
        });
}
