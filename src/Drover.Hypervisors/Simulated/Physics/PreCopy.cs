namespace Drover.Hypervisors.Simulated.Physics;

/// <summary>
/// Pre-copy as QEMU 7.2 makes it (migration/ram.c, migration.c). It sends the dirty pages that it knows of; at each look, when what is left fits the pause
/// that is allowed, it collects the pages dirtied meanwhile: a pass has ended. When what is left then still fits, the guest is stopped and the rest is sent;
/// else the next pass begins. Pure: state in, state out.
/// </summary>
internal static class PreCopy
{
    /// <summary>QEMU measures the dirty rate, and decides on the throttle, over a second at least (ram.c: migration_bitmap_sync).</summary>
    private const double PeriodSeconds = 1;

    /// <summary>Under a cap QEMU sends a tenth of a second's bytes at once and sleeps for the rest of it (migration.c: BUFFER_DELAY).</summary>
    private const double CapWindowSeconds = 0.1;

    private const double PageBytes = 4096;

    /// <summary>
    /// Free memory is zero, and lies together: pass 1 meets most of it late, but for some 14 MiB that a Linux guest keeps at the end (12 to 17 in the recordings
    /// of docs/simulated-hypervisor.md).
    /// </summary>
    private const double AfterZerosBytes = 14 << 20;

    internal static MemoryCopy Begin(MemoryLoad load) => new()
    {
        Iteration = 1,
        Left = load.MemoryBytes,
        Zeros = load.MemoryBytes - load.NonZeroBytes,
        PassBegan = load.MemoryBytes,
    };

    /// <summary>The state some seconds later; nothing but sending and dirtying happens meanwhile.</summary>
    /// <param name="copy">The state.</param>
    /// <param name="load">The guest.</param>
    /// <param name="traits">The machine.</param>
    /// <param name="rate">Bytes of memory that the transfer may send per second.</param>
    /// <param name="seconds">How much later.</param>
    internal static MemoryCopy After(MemoryCopy copy, MemoryLoad load, MachineTraits traits, double rate, double seconds)
    {
        var (first, last) = Around(copy);
        var sending = Math.Max(0, seconds - copy.Idle);
        var sentFirst = Math.Min(first, rate * sending);
        var left = sentFirst < first || rate <= 0 ? 0 : sending - (first / rate);
        var passed = Math.Min(copy.Zeros, traits.ZeroPagesPerSecondBytes * left);
        left = passed < copy.Zeros ? 0 : left - (copy.Zeros / traits.ZeroPagesPerSecondBytes);
        var sent = sentFirst + Math.Min(last, rate * Math.Max(0, left));
        return copy with
        {
            Left = Math.Max(0, copy.Left - sent - passed),
            Zeros = copy.Zeros - passed,
            Idle = Math.Max(0, copy.Idle - seconds),
            Sent = copy.Sent + sent,
            Dirtied = Writing.Dirtied(copy.Dirtied, load, copy.Throttle, seconds),
            PassSeconds = copy.PassSeconds + seconds,
            PeriodSeconds = copy.PeriodSeconds + seconds,
        };
    }

    /// <summary>Seconds until the look at which the pass ends; null when it never does because nothing is sent.</summary>
    /// <param name="copy">The state.</param>
    /// <param name="traits">The machine.</param>
    /// <param name="rate">Bytes of memory that the transfer may send per second.</param>
    /// <param name="fits">Bytes that may be left when the guest is stopped.</param>
    /// <param name="capped">Whether the cap holds it back, and not the link.</param>
    internal static double? UntilPassEnds(MemoryCopy copy, MachineTraits traits, double rate, double fits, bool capped)
    {
        if (rate <= 0)
            return null;
        var look = capped ? CapWindowSeconds : Look(traits, rate);
        var fitsAt = Until(copy, traits, rate, copy.Left - fits);
        var stretches = Math.Max(1, Math.Ceiling((copy.PassSeconds + fitsAt - copy.CollectSeconds) / look));
        return Math.Min(Until(copy, traits, rate, copy.Left), Math.Max(0, copy.CollectSeconds + (stretches * look) - copy.PassSeconds));
    }

    /// <summary>Seconds until nothing is left: after the switch-over, or in post-copy. Null when nothing is sent.</summary>
    internal static double? UntilAllSent(MemoryCopy copy, MachineTraits traits, double rate)
        => copy.Left <= 0 ? 0 : rate <= 0 ? null : Until(copy, traits, rate, copy.Left);

    /// <summary>Before the guest is stopped, the link carries what lay in the socket while the last dirty pages were collected.</summary>
    internal static MemoryCopy Carried(MemoryCopy before, MemoryCopy collected, MachineTraits traits, double rate, double buffered)
    {
        var carried = Math.Min(buffered, rate * Collecting(before, traits, collected.Left - before.Left));
        return collected with { Left = collected.Left - carried, Sent = collected.Sent + carried };
    }

    /// <summary>Seconds that QEMU takes to collect dirty pages at the end of a pass.</summary>
    internal static double Collecting(MemoryCopy copy, MachineTraits traits, double dirtyBytes)
    {
        var pages = dirtyBytes / PageBytes * traits.CollectPerPage.TotalSeconds;
        if (!traits.CollectingWaitsForVcpus || copy.Throttle == 0)
            return pages;
        // A throttled vCPU runs for 10 ms and sleeps for the rest (softmmu/cpu-throttle.c: CPU_THROTTLE_TIMESLICE_NS): at 99 % it wakes once a second.
        var wakes = 0.01 / (1 - (copy.Throttle / 100.0));
        return Math.Max(pages, wakes - (copy.PassSeconds % wakes));
    }

    /// <summary>The pass ends: dirty pages are collected, the rate is measured, and the throttle is moved where it is allowed.</summary>
    /// <param name="copy">The state.</param>
    /// <param name="load">The guest.</param>
    /// <param name="traits">The machine.</param>
    /// <param name="rate">Bytes of memory that the transfer may send per second.</param>
    /// <param name="buffered">Of what is left, bytes that QEMU counts as sent: the link carries them while it collects.</param>
    /// <param name="autoConverge">Whether it may throttle.</param>
    internal static MemoryCopy EndPass(MemoryCopy copy, MemoryLoad load, MachineTraits traits, double rate, double buffered, bool autoConverge)
    {
        var dirty = Writing.New(copy, load, buffered);
        var collecting = Collecting(copy, traits, dirty);
        var left = copy.Left + dirty;
        var next = copy with
        {
            Iteration = copy.Iteration + 1,
            Left = left,
            PassBegan = left,
            PassSeconds = 0,
            Dirtied = 0,
            Idle = rate > 0 ? Math.Max(0, collecting - (buffered / rate)) : 0,
            CollectSeconds = collecting,
            PeriodDirtied = copy.PeriodDirtied + dirty,
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

    /// <summary>Seconds between two looks: QEMU is woken each time a third of its send buffer is gone, and the first time after its stretch it looks.</summary>
    private static double Look(MachineTraits traits, double rate)
    {
        var wakes = traits.SendBufferBytes / 3.0 / rate;
        return wakes > 0 ? Math.Ceiling(traits.Stretch.TotalSeconds / wakes) * wakes : traits.Stretch.TotalSeconds;
    }

    /// <summary>Seconds until so much of what is left is dealt with.</summary>
    private static double Until(MemoryCopy copy, MachineTraits traits, double rate, double bytes)
    {
        var (first, _) = Around(copy);
        return copy.Idle + (bytes <= 0 ? 0
            : bytes <= first ? bytes / rate
            : bytes <= first + copy.Zeros ? (first / rate) + ((bytes - first) / traits.ZeroPagesPerSecondBytes)
            : ((bytes - copy.Zeros) / rate) + (copy.Zeros / traits.ZeroPagesPerSecondBytes));
    }

    /// <summary>What is sent before the zero pages, and after them. When pass 1 leaves some of them, the next begins with them: QEMU goes on where it was.</summary>
    private static (double First, double Last) Around(MemoryCopy copy)
    {
        var sent = copy.Left - copy.Zeros;
        var last = copy.Iteration > 1 ? sent : Math.Min(sent, AfterZerosBytes);
        return (sent - last, last);
    }
}
