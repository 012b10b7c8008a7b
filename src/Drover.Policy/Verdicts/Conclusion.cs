namespace Drover.Policy.Verdicts;

/// <summary>What a verdict means for the migration's record: the next and perhaps last thing to do.</summary>
public enum Conclusion
{
    /// <summary>It ends as completed.</summary>
    Complete = 1,

    /// <summary>It ends as cancelled: the guest stayed, as was asked.</summary>
    Cancel = 2,

    /// <summary>It ends as failed: the guest stayed, and nobody asked for that.</summary>
    Fail = 3,

    /// <summary>It ends as failed: the guest itself is no more.</summary>
    RecordGuestEnded = 4,

    /// <summary>It goes on; look again later.</summary>
    WaitForTransfer = 5,

    /// <summary>The guest is on its source and the source has not said that the transfer is over: bar it by a newer epoch first, or a late order could still move the guest.</summary>
    BarTransfer = 6,

    /// <summary>Not known: hold the slots and keep asking.</summary>
    Doubt = 7,
}

/// <summary>From verdict to conclusion.</summary>
public static class Conclusions
{
    /// <summary>Draws the conclusion.</summary>
    /// <param name="verdict">What the evidence says.</param>
    /// <param name="transferOver">The source's agent said, for this attempt, that no transfer runs and none will begin.</param>
    /// <param name="cancelAsked">A cancel was accepted.</param>
    public static Conclusion Draw(Verdict verdict, bool transferOver, bool cancelAsked) => verdict switch
    {
        Verdict.Completed => Conclusion.Complete,
        Verdict.StayedOnSource when !transferOver => Conclusion.BarTransfer,
        Verdict.StayedOnSource when cancelAsked => Conclusion.Cancel,
        Verdict.StayedOnSource => Conclusion.Fail,
        Verdict.GuestEnded => Conclusion.RecordGuestEnded,
        Verdict.Moving => Conclusion.WaitForTransfer,
        _ => Conclusion.Doubt,
    };
}
