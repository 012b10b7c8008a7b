namespace Drover.Policy.Deadlines;

/// <summary>Decides what a missed deadline leads to. Nothing but the request's own wish acts: no other time that is over ends or changes a migration.</summary>
public static class MissedDeadline
{
    /// <summary>The priority of a migration that is in a hurry: the greatest.</summary>
    public const int Hurried = 9;

    /// <summary>Decides.</summary>
    /// <param name="wish">What the request wants.</param>
    /// <param name="standing">Where the migration stands.</param>
    /// <param name="why">Why it stands there ("out:host-a 2/2"), where that is known.</param>
    /// <param name="priority">Its priority, 0 to 9.</param>
    /// <example>Report, queued behind "in:host-b 2/2": struggle, "deadline missed: it still waits (in:host-b 2/2)".</example>
    public static DeadlineAct Decide(Wish wish, Standing standing, string? why, int priority)
    {
        var missed = $"deadline missed: {InWords(standing)}{(why is null ? "" : $" ({why})")}";
        return (wish, standing) switch
        {
            (Wish.Report, _) => new DeadlineAct.Struggle(missed, WouldHelp(standing)),
            (Wish.Cancel, _) => new DeadlineAct.Cancel(missed),
            (Wish.Force, Standing.BeforeItsTime or Standing.Queued) => new DeadlineAct.Hurry(
                $"{missed}; {(priority == Hurried ? $"its priority is {Hurried} already" : $"its priority is raised from {priority} to {Hurried}")}, no limit is broken for it, and once it moves its pause is not limited"),
            (Wish.Force, Standing.Preparing) => new DeadlineAct.ForceOnceItMoves($"{missed}; once it moves its pause is not limited"),
            (Wish.Force, Standing.Moving or Standing.Unsure) => new DeadlineAct.Force($"{missed}; its pause is not limited any more, so that it switches over at once"),
        };
    }

    private static string InWords(Standing standing) => standing switch
    {
        Standing.BeforeItsTime => "its own time to begin has not come",
        Standing.Queued => "it still waits",
        Standing.Preparing => "nothing moves yet",
        Standing.Moving => "it still moves",
        Standing.Unsure => "it is not known where the guest runs",
    };

    private static string WouldHelp(Standing standing) => standing switch
    {
        Standing.BeforeItsTime => "cancel it, and ask again without notBefore",
        Standing.Queued => "raise the limit that it waits for, or cancel what is before it",
        Standing.Preparing => "see to the host that does not answer, or cancel it",
        Standing.Moving => "give it a longer pause or more of the link, or cancel it",
        Standing.Unsure => "see to the host that does not answer",
    };
}
