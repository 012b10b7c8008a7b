namespace Drover.Hypervisors.Simulated.Physics;

/// <summary>A guest as its memory behaves.</summary>
/// <param name="MemoryBytes">All memory.</param>
/// <param name="NonZeroBytes">Of that, what is not zero.</param>
/// <param name="HotSetBytes">Of that, what its work writes to, at random.</param>
/// <param name="DirtyBytesPerSecond">How fast it writes: bytes of pages per second, each page as often as it is written. 0 while its vCPUs are stopped.</param>
internal readonly record struct MemoryLoad(long MemoryBytes, long NonZeroBytes, long HotSetBytes, double DirtyBytesPerSecond);
