using System.ComponentModel.DataAnnotations;

namespace Drover.Hypervisors.Libvirt;

/// <summary>How an agent talks to its host's libvirt.</summary>
public sealed class LibvirtOptions
{
    /// <summary>Libvirt's URI. Default qemu:///system: the daemon of this host, as root.</summary>
    [Required, MinLength(1)]
    public string Uri { get; set; } = "qemu:///system";

    /// <summary>
    /// Longest wait for one call. Default 10 s: a healthy libvirt answers in milliseconds, and an agent that says "libvirt is away" after 10 s is worth
    /// more than one that says nothing.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between keepalive messages, whole seconds. Default 5 s, libvirt's own: with a count of 5 a dead daemon is noticed after 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan KeepAliveInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Keepalive messages without an answer before the connection is given up. Default 5, libvirt's own.</summary>
    [Range(1, 60)]
    public int KeepAliveCount { get; set; } = 5;

    /// <summary>Longest pause between two attempts to connect. Default 2 s: a restarted libvirt is looked at again well within 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan ReconnectPause { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Most calls at once, hung ones included: a native call cannot be ended from outside, so each one that hangs keeps its thread until keepalive ends
    /// its connection. Default 16.
    /// </summary>
    [Range(1, 256)]
    public int MaxCalls { get; set; } = 16;

    /// <summary>Most migrate calls at once, each a thread and a connection. Default 64: libvirt's own range of migration ports has no more.</summary>
    [Range(1, 256)]
    public int MaxTransfers { get; set; } = 64;
}
