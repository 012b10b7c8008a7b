namespace Drover.Policy.Verdicts;

/// <summary>What two hosts' testimony says of a migration. Every verdict carries its evidence in words.</summary>
/// <param name="Reason">The evidence, for an operator.</param>
public abstract record Verdict(string Reason)
{
    /// <summary>The guest runs on its destination and its source has let go of it.</summary>
    public sealed record Completed(string Reason) : Verdict(Reason);

    /// <summary>The guest is on its source, and nothing of it is active on the destination.</summary>
    public sealed record StayedOnSource(string Reason) : Verdict(Reason);

    /// <summary>The guest was shut down, destroyed or crashed: it is active nowhere.</summary>
    public sealed record GuestEnded(string Reason) : Verdict(Reason);

    /// <summary>It was moved by other hands than this attempt's: to a third host, or to the destination itself.</summary>
    public sealed record MovedByOthers(string Reason) : Verdict(Reason);

    /// <summary>What is seen passes by itself (the guest is shutting down, another hand moves it, not every host has been heard): look again.</summary>
    public sealed record Passing(string Reason) : Verdict(Reason);

    /// <summary>A host's libvirt still has the migration's job: wait for it.</summary>
    public sealed record Moving(string Reason) : Verdict(Reason);

    /// <summary>Not known, or not what a migration can explain: ask again, hold the slots, touch nothing.</summary>
    public sealed record Unsure(string Reason) : Verdict(Reason);

    /// <summary>Both hosts say that it runs: an alarm. Drover destroys neither.</summary>
    public sealed record TwoCopies(string Reason) : Verdict(Reason);

    /// <summary>An operator said how it ends, the evidence alone does not, and nothing that was testified contradicts it.</summary>
    /// <param name="Outcome">How it ends.</param>
    /// <param name="Reason">Who said what, in words.</param>
    public sealed record Resolved(Outcome Outcome, string Reason) : Verdict(Reason);
}
