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

    /// <summary>The guest is not on its destination, and the source has not said that the transfer is over: bar it by a newer epoch first, or a late order could still move the guest.</summary>
    BarTransfer = 6,

    /// <summary>Not known: hold the slots and keep asking.</summary>
    Doubt = 7,

    /// <summary>It ends as failed: other hands moved the guest.</summary>
    RecordMovedByOthers = 8,

    /// <summary>What is seen passes: look again soon, and say nothing.</summary>
    LookAgain = 9,

    /// <summary>It ends as failed, because an operator said so and nothing contradicts it.</summary>
    FailAsResolved = 10,
}

/// <summary>From verdict to conclusion.</summary>
public static class Conclusions
{
    /// <summary>Draws the conclusion.</summary>
    /// <param name="verdict">What the evidence says.</param>
    /// <param name="transferOver">No transfer of this attempt runs and none will begin: the source's agent said so, or it is fenced (confirmed down, or a newer mark on the guest).</param>
    /// <param name="cancelAsked">A cancel was accepted.</param>
    public static Conclusion Draw(Verdict verdict, bool transferOver, bool cancelAsked) => verdict switch
    {
        Verdict.Completed => Conclusion.Complete,
        Verdict.StayedOnSource or Verdict.GuestEnded or Verdict.MovedByOthers when !transferOver => Conclusion.BarTransfer,
        Verdict.StayedOnSource when cancelAsked => Conclusion.Cancel,
        Verdict.StayedOnSource => Conclusion.Fail,
        Verdict.GuestEnded => Conclusion.RecordGuestEnded,
        Verdict.MovedByOthers => Conclusion.RecordMovedByOthers,
        Verdict.Moving => Conclusion.WaitForTransfer,
        Verdict.Passing => Conclusion.LookAgain,
        Verdict.Resolved { Outcome: Outcome.Completed } => Conclusion.Complete,
        Verdict.Resolved { Outcome: Outcome.Cancelled } => Conclusion.Cancel,
        Verdict.Resolved => Conclusion.FailAsResolved,
        _ => Conclusion.Doubt,
    };
}
