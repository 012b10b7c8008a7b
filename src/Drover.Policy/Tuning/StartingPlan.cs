using System.Globalization;

namespace Drover.Policy.Tuning;

/// <summary>What a transfer starts with. Every value is explained in <see cref="Reason"/>.</summary>
public sealed record StartingPlan
{
    /// <summary>
    /// The pause that is allowed at first: 50 ms. An idle guest spends whatever pause it is allowed (270 ms of libvirt's 300, but 1 to 2 ms of 50, on a
    /// 500 Mbit/s link), so the limit starts low and is raised pass by pass for guests that need more.
    /// </summary>
    public static readonly TimeSpan FirstDowntime = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest pause when the request sets none: 300 ms, QEMU's own default downtime-limit.</summary>
    public static readonly TimeSpan DefaultMaxDowntime = TimeSpan.FromMilliseconds(300);

    /// <summary>Libvirt counts bandwidth in whole MiB/s.</summary>
    public const long BandwidthStepBytes = 1024 * 1024;

    /// <summary>The pause allowed at first.</summary>
    public required TimeSpan InitialDowntime { get; init; }

    /// <summary>The longest pause allowed.</summary>
    public required TimeSpan MaxDowntime { get; init; }

    /// <summary>Cap in bytes per second, a whole number of MiB/s; null is no cap.</summary>
    public required long? BandwidthBytesPerSecond { get; init; }

    /// <summary>Where the values come from, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Decides what a transfer starts with, from what the request sets itself.</summary>
    /// <example>Nothing set: 50 ms at first, 300 ms at most, no cap. Downtime 20 ms set: 20 ms at first and at most.</example>
    public static StartingPlan For(TimeSpan? maxDowntime, long? bandwidthBytesPerSecond)
    {
        var most = maxDowntime ?? DefaultMaxDowntime;
        var first = most < FirstDowntime ? most : FirstDowntime;
        long? bandwidth = bandwidthBytesPerSecond is { } asked ? Math.Max(1, asked / BandwidthStepBytes) * BandwidthStepBytes : null;
        return new StartingPlan
        {
            InitialDowntime = first,
            MaxDowntime = most,
            BandwidthBytesPerSecond = bandwidth,
            Reason = string.Create(CultureInfo.InvariantCulture, $"pause {first.TotalMilliseconds:0} ms at first, ")
                + string.Create(CultureInfo.InvariantCulture, $"{most.TotalMilliseconds:0} ms at most ({(maxDowntime is null ? "default" : "set by the request")}); ")
                + (bandwidth is { } cap ? $"at most {cap / BandwidthStepBytes} MiB/s (set by the request)" : "no bandwidth cap (none set)"),
        };
    }
}
