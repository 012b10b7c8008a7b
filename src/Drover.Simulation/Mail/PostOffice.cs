using Drover.Simulation.Clock;

namespace Drover.Simulation.Mail;

/// <summary>
/// The broker and the network: every letter arrives, some late, some twice, in any order. An order that no agent takes in its time comes back, as the real
/// broker's dead-letter exchange has it.
/// </summary>
internal sealed class PostOffice(Agenda agenda, Randomness random, Func<bool> disturbed, Action<Letter> arrive)
{
    /// <summary>The longest that a letter is on its way. Longer than an order lives, so that orders from another time arrive too.</summary>
    public static readonly TimeSpan Latest = TimeSpan.FromSeconds(65);

    /// <summary>Takes a letter. It leaves at once, or when whoever sent it has recovered.</summary>
    public void Post(Letter letter, TimeSpan held = default)
    {
        agenda.In(held + Latency(), () => arrive(letter));
        if (disturbed() && random.Happens(0.04))
            agenda.In(held + Latency(), () => arrive(letter));
    }

    private TimeSpan Latency() => random.From(1, 100) switch
    {
        1 when disturbed() => random.Between(TimeSpan.FromSeconds(3), Latest),
        <= 6 when disturbed() => random.Seconds(0.1, 3),
        _ => random.Milliseconds(0.3, 15),
    };
}
