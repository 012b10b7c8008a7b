namespace Drover.Libvirt;

/// <summary>A host's memory.</summary>
/// <param name="TotalBytes">Physical memory in bytes.</param>
/// <param name="FreeBytes">Bytes that could be given to a guest now: free, and what the kernel's caches would give back (a busy host has little that is merely free).</param>
public readonly record struct HostMemory(long TotalBytes, long FreeBytes);
