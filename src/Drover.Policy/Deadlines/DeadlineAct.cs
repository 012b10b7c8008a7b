namespace Drover.Policy.Deadlines;

/// <summary>What a request wants done when its deadline is missed.</summary>
public enum Wish
{
    /// <summary>Say so.</summary>
    Report = 1,

    /// <summary>End it, whatever the guest's pause is.</summary>
    Force = 2,

    /// <summary>Cancel it.</summary>
    Cancel = 3,
}

/// <summary>Where a migration stands when its deadline comes.</summary>
public enum Standing
{
    /// <summary>Its own time to begin has not come.</summary>
    BeforeItsTime = 1,

    /// <summary>It waits for slots.</summary>
    Queued = 2,

    /// <summary>Both hosts check; nothing moves yet.</summary>
    Preparing = 3,

    /// <summary>Memory moves.</summary>
    Moving = 4,

    /// <summary>It is not known where the guest runs.</summary>
    Unsure = 5,
}

/// <summary>What is done about a missed deadline, and why, in words.</summary>
/// <param name="Reason">For an operator.</param>
public abstract record DeadlineAct(string Reason)
{
    /// <summary>It is said, and nothing else happens.</summary>
    /// <param name="Reason">For an operator.</param>
    /// <param name="WouldHelp">What an operator can do.</param>
    public sealed record Struggle(string Reason, string WouldHelp) : DeadlineAct(Reason);

    /// <summary>It is cancelled as if somebody had asked for that.</summary>
    /// <param name="Reason">For an operator.</param>
    public sealed record Cancel(string Reason) : DeadlineAct(Reason);

    /// <summary>It goes to the front of its queue; once it moves, it is forced. No limit is broken.</summary>
    /// <param name="Reason">For an operator.</param>
    public sealed record Hurry(string Reason) : DeadlineAct(Reason);

    /// <summary>Nothing yet; once it moves, it is forced.</summary>
    /// <param name="Reason">For an operator.</param>
    public sealed record ForceOnceItMoves(string Reason) : DeadlineAct(Reason);

    /// <summary>The hypervisor switches over as soon as it can, however long the guest pauses.</summary>
    /// <param name="Reason">For an operator.</param>
    public sealed record Force(string Reason) : DeadlineAct(Reason);
}
