namespace Drover.Hypervisors.Simulated.Physics;

/// <summary>
/// Pre-copy as QEMU 7.2 makes it (migration/ram.c, migration.c). It sends the dirty pages that it knows of; at each look, when what is left fits the pause
/// that is allowed, it collects the pages dirtied meanwhile: a pass has ended. When what is left then still fits, the guest is stopped and the rest is sent;
/// else the next pass begins. Pure: state in, state out.
/// </summary>
/// <remarks>
/// Unique pages that random writes at the rate r dirty in a hot set of W bytes within the time t: W (1 - exp(-r t / W)).
/// <code>
/// W 256 MiB, r 48 MiB/s     t     1 s    2 s    5.3 s   20 s
///                           MiB   44     80     162     250
/// </code>
/// </remarks>
internal static class PreCopy
{
    /// <summary>QEMU measures the dirty rate, and decides on the throttle, over a second at least.</summary>
    private const double PeriodSeconds = 1;

    internal static MemoryCopy Begin(MemoryLoad load) => new() { Iteration = 1, Left = load.MemoryBytes, PassBegan = load.MemoryBytes };

    /// <summary>The state some seconds later; nothing but sending and dirtying happens meanwhile.</summary>
    /// <param name="copy">The state.</param>
    /// <param name="load">The guest.</param>
    /// <param name="traits">The machine.</param>
    /// <param name="rate">Bytes of memory that the transfer may send per second.</param>
    /// <param name="seconds">How much later.</param>
    internal static MemoryCopy After(MemoryCopy copy, MemoryLoad load, MachineTraits traits, double rate, double seconds)
    {
        var covered = Math.Min(copy.Left, Speed(copy, load, traits, rate) * seconds);
        return copy with
        {
            Left = copy.Left - covered,
            Sent = copy.Sent + (covered * NonZeroPart(copy, load)),
            Dirtied = Dirtied(copy, load, seconds),
            PassSeconds = copy.PassSeconds + seconds,
            PeriodSeconds = copy.PeriodSeconds + seconds,
        };
    }

    /// <summary>Seconds until the look at which the pass ends; null when it never does because nothing is sent.</summary>
    /// <param name="copy">The state.</param>
    /// <param name="load">The guest.</param>
    /// <param name="traits">The machine.</param>
    /// <param name="rate">Bytes of memory that the transfer may send per second.</param>
    /// <param name="fits">Bytes that can be sent within the pause that is allowed.</param>
    internal static double? UntilPassEnds(MemoryCopy copy, MemoryLoad load, MachineTraits traits, double rate, double fits)
    {
        var speed = Speed(copy, load, traits, rate);
        if (speed <= 0)
            return null;
        var allSent = copy.Left / speed;
        var look = traits.LookEvery.TotalSeconds;
        var fitsAt = Math.Max(0, (copy.Left - fits) / speed);
        return Math.Min(allSent, (Math.Ceiling((copy.PassSeconds + fitsAt) / look) * look) - copy.PassSeconds);
    }

    /// <summary>Seconds until nothing is left: after the switch-over, or in post-copy. Null when nothing is sent.</summary>
    internal static double? UntilAllSent(MemoryCopy copy, double rate) => copy.Left <= 0 ? 0 : rate <= 0 ? null : copy.Left / rate;

    /// <summary>The pass ends: dirty pages are collected, the rate is measured, and the throttle is moved where it is allowed.</summary>
    internal static MemoryCopy EndPass(MemoryCopy copy, MemoryLoad load, MachineTraits traits, bool autoConverge)
    {
        // What was not sent yet and was dirtied again counts once. In pass 1 what is left lies anywhere in memory, later only in the hot set.
        var among = copy.Iteration == 1 ? load.MemoryBytes : load.HotSetBytes;
        var twice = among > 0 ? Math.Min(copy.Left, among) * copy.Dirtied / among : 0;
        var left = copy.Left + copy.Dirtied - twice;
        var next = copy with
        {
            Iteration = copy.Iteration + 1,
            Left = left,
            PassBegan = left,
            PassSeconds = 0,
            Dirtied = 0,
            PeriodDirtied = copy.PeriodDirtied + left - copy.Left,
        };
        return next.PeriodSeconds < PeriodSeconds ? next : EndPeriod(next, traits, autoConverge);
    }

    private static MemoryCopy EndPeriod(MemoryCopy copy, MachineTraits traits, bool autoConverge)
    {
        var next = copy with
        {
            DirtyRate = copy.PeriodDirtied / copy.PeriodSeconds,
            PeriodSeconds = 0,
            PeriodDirtied = 0,
            PeriodSentBefore = copy.Sent,
        };
        if (!autoConverge || copy.PeriodDirtied <= (copy.Sent - copy.PeriodSentBefore) * traits.ThrottleTrigger)
            return next;
        if (copy.BusyPeriods == 0)
            return next with { BusyPeriods = 1 };
        return next with
        {
            BusyPeriods = 0,
            Throttle = copy.Throttle == 0 ? traits.ThrottleInitial : Math.Min(copy.Throttle + traits.ThrottleIncrement, traits.ThrottleMax),
        };
    }

    private static double Dirtied(MemoryCopy copy, MemoryLoad load, double seconds)
    {
        if (load.HotSetBytes <= 0)
            return 0;
        var rate = load.DirtyBytesPerSecond * (100 - copy.Throttle) / 100;
        return load.HotSetBytes - ((load.HotSetBytes - copy.Dirtied) * Math.Exp(-rate * seconds / load.HotSetBytes));
    }

    /// <summary>Bytes of memory dealt with per second. Only pass 1 meets zero pages: they are looked at and not sent.</summary>
    private static double Speed(MemoryCopy copy, MemoryLoad load, MachineTraits traits, double rate)
    {
        if (rate <= 0 || copy.Iteration > 1)
            return rate;
        var sent = NonZeroPart(copy, load);
        return 1 / ((sent / rate) + ((1 - sent) / traits.ZeroPagesPerSecondBytes));
    }

    private static double NonZeroPart(MemoryCopy copy, MemoryLoad load) => copy.Iteration > 1 ? 1 : (double)load.NonZeroBytes / load.MemoryBytes;
}
