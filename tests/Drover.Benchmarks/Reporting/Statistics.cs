namespace Drover.Benchmarks.Reporting;

/// <summary>What is said of a handful of measurements.</summary>
internal static class Statistics
{
    private const int Resamples = 10_000;

    public static double Median(this IReadOnlyCollection<double> values) => values.Percentile(50);

    /// <summary>Linear between the two nearest ranks.</summary>
    public static double Percentile(this IReadOnlyCollection<double> values, double percent)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
            return double.NaN;
        var rank = percent / 100 * (sorted.Length - 1);
        var below = (int)rank;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
    }

    /// <summary>
    /// Where the median would lie in 95 of 100 repetitions, by drawing the same number of values again and again from those that there are (percentile
    /// bootstrap). The draws are the same each time, so that the same measurements print the same interval.
    /// </summary>
    public static (double Low, double High) MedianInterval(this IReadOnlyCollection<double> values)
    {
        var all = values.ToArray();
        var random = new Random(20_26);
        var medians = Enumerable.Range(0, Resamples).Select(_ => random.GetItems(all, all.Length).Median()).ToArray();
        return (medians.Percentile(2.5), medians.Percentile(97.5));
    }
}
