namespace Drover.Simulation.Mail;

/// <summary>
/// The broker and the network: every letter arrives, some late, some twice, in any order. An order that no agent takes in its time comes back, as the real
/// broker's dead-letter exchange has it.
/// </summary>
internal sealed class PostOffice(Course course, Action<Letter> arrive)
{
    /// <summary>The longest that a letter is on its way. Longer than an order lives, so that orders from another time arrive too.</summary>
    public static readonly TimeSpan Latest = TimeSpan.FromSeconds(65);

    /// <summary>Takes a letter. It leaves at once, or when whoever sent it has recovered.</summary>
    public void Post(Letter letter, TimeSpan held = default)
    {
        course.Agenda.In(held + Latency(), () => arrive(letter));
        if (course.Disturbed && course.Random.Happens(0.04))
            course.Agenda.In(held + Latency(), () => arrive(letter));
    }

    private TimeSpan Latency() => course.Random.From(1, 100) switch
    {
        1 when course.Disturbed => course.Random.Between(TimeSpan.FromSeconds(3), Latest),
        <= 6 when course.Disturbed => course.Random.Seconds(0.1, 3),
        _ => course.Random.Milliseconds(0.3, 15),
    };
}
