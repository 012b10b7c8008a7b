using Drover.Policy.Model;

namespace Drover.Policy.Tests.Passes;

/// <summary>Readings of a guest of 1000 bytes.</summary>
internal static class Readings
{
    public static Sample At(double seconds, long iteration, long sent, long remaining) => new()
    {
        Elapsed = TimeSpan.FromSeconds(seconds),
        Iteration = iteration,
        Phase = iteration < 1 ? TransferPhase.Setup : TransferPhase.PreCopy,
        MemoryTotalBytes = 1000,
        MemoryProcessedBytes = sent,
        MemoryRemainingBytes = remaining,
    };
}
