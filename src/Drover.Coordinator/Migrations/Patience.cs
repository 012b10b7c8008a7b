namespace Drover.Coordinator.Migrations;

/// <summary>How long a state waits before it gives its order or question again. None of these times ends or fails anything.</summary>
internal static class Patience
{
    /// <summary>Knock at admission again: only a lost wake-up makes this necessary.</summary>
    public static readonly TimeSpan Queue = TimeSpan.FromSeconds(30);

    /// <summary>A start that has not been told of: only a schedule that was lost makes this necessary.</summary>
    public static readonly TimeSpan Start = TimeSpan.FromSeconds(30);

    /// <summary>Checks and the transfer's order: agents answer in milliseconds.</summary>
    public static readonly TimeSpan Prepare = TimeSpan.FromSeconds(10);

    /// <summary>A look at a transfer that runs: its agent says so by itself when it ends.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromSeconds(30);

    /// <summary>A look at a transfer whose source is done with it: the destination needs moments.</summary>
    public static readonly TimeSpan LookAtTheEnd = TimeSpan.FromSeconds(1);

    /// <summary>A question that is open, an abort that has not been confirmed.</summary>
    public static readonly TimeSpan Ask = TimeSpan.FromSeconds(5);

    /// <summary>After this long without an answer a host's silence is doubt; an agent's restart takes less.</summary>
    public static readonly TimeSpan Answer = TimeSpan.FromSeconds(10);
}
