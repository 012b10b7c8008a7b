namespace Drover.Policy.Model;

/// <summary>What hosts other than the two of a migration say of its guest, in their inventories. It counts only when neither of the two has the guest.</summary>
public abstract record Elsewhere
{
    private Elsewhere()
    {
    }

    /// <summary>Every host that reports has reported since the guest was missed, and none has it.</summary>
    public sealed record Nowhere : Elsewhere;

    /// <summary>Hosts that report have not done so since the guest was missed: one of them may have it.</summary>
    /// <param name="Hosts">How many.</param>
    public sealed record Unheard(int Hosts) : Elsewhere;

    /// <summary>A third host has it.</summary>
    /// <param name="Host">The host.</param>
    /// <param name="Arriving">A migration is still bringing it there.</param>
    public sealed record On(string Host, bool Arriving) : Elsewhere;
}
