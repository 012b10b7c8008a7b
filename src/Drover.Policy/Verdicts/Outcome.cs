namespace Drover.Policy.Verdicts;

/// <summary>The ends that an operator may give to a migration that is unsure.</summary>
public enum Outcome
{
    /// <summary>The guest runs on its destination.</summary>
    Completed = 1,

    /// <summary>The guest runs on its source, as was asked.</summary>
    Cancelled = 2,

    /// <summary>The guest runs on its source, on a third host, or nowhere.</summary>
    Failed = 3,
}
