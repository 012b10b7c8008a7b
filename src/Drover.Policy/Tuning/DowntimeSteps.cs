namespace Drover.Policy.Tuning;

/// <summary>
/// How the downtime limit of a running migration rises: it starts low and doubles at each pass boundary from pass 3 on, up to the greatest downtime allowed.
/// An idle guest spends whatever pause budget it is given (measured: 25 ms of a limit of 100 ms, 270 ms of one of 300 ms, at the same total time), so it
/// must not be given much; by pass 3 a guest has shown that it dirties memory faster than the small limit lets through, and needs more.
/// </summary>
/// <remarks>
/// First 50 ms, greatest 500 ms:
/// <code>
/// pass      1   2    3    4    5    6   7...
/// limit ms  50  50  100  200  400  500  500
/// </code>
/// </remarks>
public static class DowntimeSteps
{
    /// <summary>The pass at whose beginning the limit is raised first: passes 1 (all memory) and 2 (what pass 1 dirtied) say nothing of how the guest converges.</summary>
    public const long FirstRaise = 3;

    /// <summary>libvirt's unit: a smaller limit cannot be set.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    /// <summary>QEMU's own limit on <c>downtime-limit</c> (MAX_MIGRATE_DOWNTIME): with it every look of QEMU's ends in switching over.</summary>
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(2000);

    /// <summary>The limit to begin with: <paramref name="initial"/>, at least <see cref="Least"/>, at most <paramref name="max"/>.</summary>
    public static TimeSpan First(TimeSpan initial, TimeSpan max) => Smaller(Larger(initial, Least), Larger(max, Least));

    /// <summary>
    /// The limit after the boundaries between two passes; several at once when readings were missed. It never falls, and never rises above
    /// <paramref name="max"/>: a limit that is above it already was set by someone else and is left alone.
    /// </summary>
    /// <param name="now">The limit in force.</param>
    /// <param name="max">The greatest downtime allowed.</param>
    /// <param name="from">The pass in which <paramref name="now"/> was in force, counted from 1.</param>
    /// <param name="to">The pass that runs now.</param>
    public static TimeSpan Raise(TimeSpan now, TimeSpan max, long from, long to)
    {
        for (var pass = Math.Max(from + 1, FirstRaise); pass <= to && now < max; pass++)
            now = now > max / 2 ? max : Larger(now * 2, Least);
        return now;
    }

    private static TimeSpan Smaller(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static TimeSpan Larger(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
