namespace Drover.Hypervisors.Simulated.Physics;

/// <summary>How many different pages a guest's writes dirty.</summary>
/// <remarks>
/// Writes at the rate r in a hot set of W bytes, in the time t: at random W (1 - exp(-r t / W)), in turn the lesser of r t and W.
/// <code>
/// W 256 MiB, r 48 MiB/s     t     1 s    2 s    5.3 s   20 s
/// at random                 MiB   44     80     162     250
/// in turn                   MiB   48     96     254     256
/// </code>
/// </remarks>
internal static class Writing
{
    /// <summary>Unique bytes dirtied since the last collection, some seconds later.</summary>
    internal static double Dirtied(double before, MemoryLoad load, int throttle, double seconds)
    {
        if (load.HotSetBytes <= 0)
            return 0;
        var written = Math.Min(load.DirtyBytesPerSecond, load.MostDirtyBytesPerSecond * (100 - throttle) / 100) * seconds;
        return load.WriteOrder == WriteOrder.InTurn
            ? Math.Min(load.HotSetBytes, before + written)
            : load.HotSetBytes - ((load.HotSetBytes - before) * Math.Exp(-written / load.HotSetBytes));
    }

    /// <summary>
    /// What of it is new to QEMU: a page that it had not sent yet counts once. At random, any page may be one of those. In turn, the sender goes round the hot
    /// set in the writer's order, just behind what is written now: few pages are both, unless the writer went nearly all the way round. The fourth power
    /// of how far it went is a fit, to the recordings with rho 0.9.
    /// </summary>
    internal static double New(MemoryCopy copy, MemoryLoad load, double buffered)
    {
        var unsent = Math.Max(0, copy.Left - copy.Zeros - buffered);
        if (load.WriteOrder == WriteOrder.InTurn)
        {
            var round = load.HotSetBytes > 0 ? copy.Dirtied / load.HotSetBytes : 0;
            return copy.Iteration == 1 ? copy.Dirtied : Math.Max(0, Math.Min(copy.Dirtied - (unsent * Math.Pow(round, 4)), load.HotSetBytes - unsent));
        }
        // In pass 1 what is left lies anywhere in memory that is not zero, later only in the hot set.
        var among = copy.Iteration == 1 ? load.NonZeroBytes : load.HotSetBytes;
        return among > 0 ? copy.Dirtied * (1 - Math.Min(1, unsent / among)) : 0;
    }
}
