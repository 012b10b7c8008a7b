using System.Text.Json;
using System.Text.Json.Serialization;

namespace Drover.Observer;

/// <summary>One line of a time line: something that was not so a moment before.</summary>
internal sealed record Seen
{
    /// <summary>When, in milliseconds since 1970.</summary>
    public required long At { get; init; }

    /// <summary>
    /// What kind: "libvirt" (how a host's daemon answers), "look" (one look at a host is over; the time is when it began), "guest" (libvirt's word on a guest), "status" (what libvirtd has last written of it: job and phase),
    /// "qemu" (a process), "ports" (migration ports that are listened on), "tick" and "boot" (a guest's console), "note" (what the cell did), "end".
    /// </summary>
    public required string What { get; init; }

    public string? Host { get; init; }

    public string? Guest { get; init; }

    /// <summary>libvirt's state of a guest, a daemon's ("answers", "silent", "away"), or "gone".</summary>
    public string? State { get; init; }

    /// <summary>The asynchronous job in the status file: "migration out", "migration in"; null for none.</summary>
    public string? Job { get; init; }

    /// <summary>libvirt's phase of that job.</summary>
    public string? Phase { get; init; }

    public int? Pid { get; init; }

    public long? Tick { get; init; }

    /// <summary>Milliseconds that the guest's CPUs have stood still since its boot.</summary>
    public long? Paused { get; init; }

    /// <summary>Whether the guest found its own memory as it left it.</summary>
    public bool? Intact { get; init; }

    /// <summary>A note's words, or ports.</summary>
    public string? Text { get; init; }

    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public string Write() => JsonSerializer.Serialize(this, _options);

    public static Seen Read(string line) => JsonSerializer.Deserialize<Seen>(line, _options)!;
}
