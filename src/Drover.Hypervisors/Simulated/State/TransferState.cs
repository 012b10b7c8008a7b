using Drover.Hypervisors.Simulated.Physics;

namespace Drover.Hypervisors.Simulated.State;

/// <summary>One guest on its way from one host to another.</summary>
internal sealed record TransferState
{
    /// <summary>Counted from 1 in the order in which transfers begin; the order of things that happen at one instant.</summary>
    public required long Number { get; init; }

    public required Guid Guest { get; init; }
    public required string Source { get; init; }
    public required string Destination { get; init; }
    public required TransferStage Stage { get; init; }

    /// <summary>When the job began.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>When the stage ends, where that is known in advance; null where memory, or somebody's hand, decides it.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How far memory was at <see cref="At"/>.</summary>
    public MemoryCopy Memory { get; init; } = new();

    /// <summary>The instant of <see cref="Memory"/>. It changes only when something happens, never because somebody looks.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Bytes of memory per second that it may send since then.</summary>
    public double Rate { get; init; }

    /// <summary>The cap, bytes per second; null is none.</summary>
    public long? Cap { get; init; }

    /// <summary>Whether the definition moves with the guest.</summary>
    public required bool Persistent { get; init; }

    /// <summary>Whether QEMU may slow the guest down.</summary>
    public bool AutoConverge { get; init; }

    /// <summary>Whether the guest ran when the job began: it then runs after it, whatever was done to it meanwhile.</summary>
    public required bool Ran { get; init; }

    /// <summary>Since when its peer does not answer; null while it does.</summary>
    public DateTimeOffset? SilentSince { get; init; }

    /// <summary>The destination's QEMU is gone, so that a network that comes back does not help.</summary>
    public bool PeerLost { get; init; }

    /// <summary>When the guest was stopped for the switch-over.</summary>
    public DateTimeOffset? PausedAt { get; init; }

    /// <summary>The pause at the switch-over, and the job's time until the guest ran on its destination; null before that.</summary>
    public TimeSpan? Downtime { get; init; }

    public TimeSpan? Took { get; init; }

    /// <summary>Why it ends without success.</summary>
    public string? Error { get; init; }
}
