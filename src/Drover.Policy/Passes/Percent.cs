using Drover.Policy.Model;

namespace Drover.Policy.Passes;

/// <summary>
/// How far a migration is, in percent, from one reading and its pass: pass 1 (and the disks) fill the bar to <see cref="FirstPassShare"/>, each later pass
/// half of what is left. It needs no memory of earlier readings, so that an agent that was restarted goes on where the bar stood.
/// </summary>
/// <remarks>
/// What is left of memory cannot be the bar: it is a saw-tooth that nears zero at the end of every pass.
/// <code>
/// pass     1      2   3   4   5   6...
/// percent  0..80  80  90  95  97  98 … 99
/// </code>
/// </remarks>
public static class Percent
{
    /// <summary>Where the bar stands when all memory was sent once.</summary>
    public const int FirstPassShare = 80;

    /// <summary>0 to 99.</summary>
    public static int Of(Sample sample, long pass)
    {
        if (pass >= 2)
            return 99 - (int)((99 - FirstPassShare) / Math.Pow(2, Math.Min(pass - 2, 32)));

        var total = (double)sample.MemoryTotalBytes + sample.DiskTotalBytes;
        var memorySent = sample.Iteration < 1 ? 0 : sample.MemoryTotalBytes - sample.MemoryRemainingBytes;
        return total <= 0 ? 0 : Math.Clamp((int)((memorySent + sample.DiskProcessedBytes) / total * FirstPassShare), 0, FirstPassShare);
    }
}
