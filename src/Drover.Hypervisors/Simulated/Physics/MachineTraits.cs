namespace Drover.Hypervisors.Simulated;

/// <summary>
/// How QEMU 7.2 and libvirt 9.0 behave in a migration: what does not depend on the guest or the network. The defaults are a host
/// with KVM, but quick: a real site's preparation and its switch-over's tail are longer.
/// </summary>
public sealed record MachineTraits
{
    /// <summary>From the call until the first page is sent: preparation on the destination, its QEMU's start.</summary>
    public TimeSpan Setup { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>
    /// QEMU looks whether what is left fits the downtime limit after each stretch of sending: of this time (migration/ram.c: MAX_WAIT) or somewhat more, because
    /// it sleeps in a write when that is over.
    /// </summary>
    public TimeSpan Stretch { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The source's socket holds so many bytes that QEMU has written, and counts as sent, before the link carries them: Linux's default maximum
    /// (net.ipv4.tcp_wmem). They add to each pause. A writer sleeps until a third of them is gone (include/net/sock.h: sk_stream_min_wspace).
    /// </summary>
    public long SendBufferBytes { get; init; } = 4 << 20;

    /// <summary>How long QEMU collects, for each page that it finds dirty; it sends nothing meanwhile. With KVM next to nothing.</summary>
    public TimeSpan CollectPerPage { get; init; }

    /// <summary>
    /// Whether collecting waits until every vCPU has taken notice (software emulation; softmmu/physmem.c: tcg_log_global_after_sync): a throttled one, that
    /// sleeps 99 % of the time, makes QEMU wait for up to a second.
    /// </summary>
    public bool CollectingWaitsForVcpus { get; init; }

    /// <summary>A machine without KVM, as in the lab: 10 to 13 µs were seen for each page.</summary>
    public static MachineTraits SoftwareEmulation { get; } = new() { CollectPerPage = TimeSpan.FromMicroseconds(12), CollectingWaitsForVcpus = true };

    /// <summary>Bytes on the wire for each byte of memory: 1.045, measured at 200 to 800 Mbit/s (frame, TCP and page headers).</summary>
    public double WireOverhead { get; init; } = 1.045;

    /// <summary>How fast QEMU passes over zero pages, which it finds but does not send, bytes per second.</summary>
    public long ZeroPagesPerSecondBytes { get; init; } = 2L << 30;

    /// <summary>Part of the pause that is not memory: the devices' state, and libvirt's words to and fro. 10 ms on a quiet machine, 50 on a busy one.</summary>
    public TimeSpan DevicePause { get; init; } = TimeSpan.FromMilliseconds(30);

    /// <summary>The pause when post-copy begins, besides collecting dirty pages, and the socket that is emptied meanwhile; 30 ms measured.</summary>
    public TimeSpan PostCopyPause { get; init; } = TimeSpan.FromMilliseconds(30);

    /// <summary>From the guest running on the destination until the source has let go of it: 1.5 to 2 s measured on a loaded host, less on a quiet one.</summary>
    public TimeSpan LetGo { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>From an abort until the job is gone.</summary>
    public TimeSpan Cancel { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Until libvirt gives up a peer that is silent: 5 s times 5 + 1 (qemu.conf: keepalive_interval, keepalive_count).</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The throttle's first step in percent (QEMU: cpu-throttle-initial).</summary>
    public int ThrottleInitial { get; init; } = 20;

    /// <summary>Each further step in percent (QEMU: cpu-throttle-increment).</summary>
    public int ThrottleIncrement { get; init; } = 10;

    /// <summary>The most that it throttles, in percent (QEMU: max-cpu-throttle).</summary>
    public int ThrottleMax { get; init; } = 99;

    /// <summary>It throttles when more than this part of what was sent was dirtied again (QEMU: throttle-trigger-threshold, 50 %).</summary>
    public double ThrottleTrigger { get; init; } = 0.5;
}
