using CsCheck;
using Drover.Policy.Tuning;

namespace Drover.Policy.Tests.Tuning;

public class The_downtime_limit_rises_by_steps
{
    private static readonly Gen<TimeSpan> Limits = Gen.Int[1, 60_000].Select(ms => TimeSpan.FromMilliseconds(ms));

    [Fact]
    public void The_worked_example_holds()
    {
        var max = TimeSpan.FromMilliseconds(500);
        var limit = DowntimeSteps.First(TimeSpan.FromMilliseconds(50), max);
        var steps = new List<double> { limit.TotalMilliseconds };
        for (var pass = 1; pass < 7; pass++)
            steps.Add((limit = DowntimeSteps.Raise(limit, max, pass, pass + 1)).TotalMilliseconds);

        Assert.Equal([50, 50, 100, 200, 400, 500, 500], steps);
    }

    [Fact]
    public void It_is_never_above_the_greatest_and_never_falls() =>
        Gen.Select(Limits, Limits, Gen.Long[1, 40], Gen.Long[0, 40]).Sample((initial, max, from, passes) =>
        {
            var first = DowntimeSteps.First(initial, max);
            var next = DowntimeSteps.Raise(first, max, from, from + passes);
            Assert.InRange(first, DowntimeSteps.Least, max);
            Assert.InRange(next, first, max);
        });

    [Fact]
    public void It_reaches_the_greatest() =>
        Gen.Select(Limits, Limits).Sample((initial, max) =>
            Assert.Equal(max, DowntimeSteps.Raise(DowntimeSteps.First(initial, max), max, 1, 40)));

    [Fact]
    public void Missed_readings_change_nothing() =>
        Gen.Select(Limits, Limits, Gen.Long[1, 20], Gen.Long[1, 20]).Sample((initial, max, from, passes) =>
        {
            var atOnce = DowntimeSteps.Raise(DowntimeSteps.First(initial, max), max, from, from + passes);
            var oneByOne = DowntimeSteps.First(initial, max);
            for (var pass = from; pass < from + passes; pass++)
                oneByOne = DowntimeSteps.Raise(oneByOne, max, pass, pass + 1);
            Assert.Equal(oneByOne, atOnce);
        });

    [Fact]
    public void A_limit_that_someone_set_higher_is_left_alone() =>
        Assert.Equal(TimeSpan.FromSeconds(9), DowntimeSteps.Raise(TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(1), 2, 5));

    [Fact]
    public void Nothing_allowed_still_gives_a_limit_that_can_be_set() =>
        Assert.Equal(DowntimeSteps.Least, DowntimeSteps.First(TimeSpan.Zero, TimeSpan.Zero));
}
