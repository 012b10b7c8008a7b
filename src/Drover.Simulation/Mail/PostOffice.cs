namespace Drover.Simulation.Mail;

/// <summary>
/// The broker and the network: every letter arrives, some late, some twice, in any order. An order that no agent takes in its time comes back, as the real
/// broker's dead-letter exchange has it. While it is away, letters lie in the outboxes of those who wrote them.
/// </summary>
internal sealed class PostOffice(Course course, Action<Letter> arrive)
{
    /// <summary>The longest that a letter is on its way. Longer than an order lives, so that orders from another time arrive too.</summary>
    public static readonly TimeSpan Latest = TimeSpan.FromSeconds(65);

    private readonly List<Letter> _waiting = [];

    /// <summary>How many letters wait for it to come back.</summary>
    public int Waiting => _waiting.Count;

    private double Twice => course.Profile == Profile.LateMail ? 0.2 : 0.04;

    // Of a hundred letters.
    private int Late => course.Profile == Profile.LateMail ? 12 : 1;

    /// <summary>Takes a letter. It leaves at once, or when whoever sent it has recovered.</summary>
    public void Post(Letter letter, TimeSpan held = default)
    {
        course.Agenda.In(held + Latency(), () => Arrive(letter));
        if (course.Disturbed && course.Random.Happens(Twice))
            course.Agenda.In(held + Latency(), () => Arrive(letter));
    }

    /// <summary>It is back: what waited for it comes, in any order.</summary>
    public void Return()
    {
        foreach (var letter in _waiting)
            course.Agenda.In(Latency(), () => Arrive(letter));
        _waiting.Clear();
    }

    private void Arrive(Letter letter)
    {
        if (course.BrokerAway)
            _waiting.Add(letter);
        else
            arrive(letter);
    }

    private TimeSpan Latency()
    {
        var luck = course.Random.From(1, 100);
        return !course.Disturbed ? course.Random.Milliseconds(0.3, 15)
            : luck <= Late ? course.Random.Between(TimeSpan.FromSeconds(3), Latest)
            : luck <= Late + 5 ? course.Random.Seconds(0.1, 3)
            : course.Random.Milliseconds(0.3, 15);
    }
}
