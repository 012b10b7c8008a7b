using Drover.Simulation.Clock;

namespace Drover.Simulation.Mail;

/// <summary>A host's queue: it keeps an order until an agent is done with it, or until its time is over and no agent has taken it.</summary>
internal sealed class Mailbox(Agenda agenda, Action<Letter> giveBack)
{
    /// <summary>How long an order waits for its agent: Drover's own default (<c>Bus:OrderTimeToLive</c>).</summary>
    private static readonly TimeSpan _timeToLive = TimeSpan.FromSeconds(60);

    private readonly List<Kept> _waiting = [];
    private readonly List<Kept> _taken = [];
    private Action<Letter, Action>? _agent;

    public void Arrive(Letter letter)
    {
        var kept = new Kept(letter);
        agenda.In(_timeToLive, () => Expire(kept));
        _waiting.Add(kept);
        Deliver();
    }

    /// <summary>An agent takes what waits, and what comes. The second argument that it gets says that it is done with the order.</summary>
    public void Connect(Action<Letter, Action> agent)
    {
        _agent = agent;
        Deliver();
    }

    /// <summary>The agent is gone: what it was not done with waits again.</summary>
    public void Disconnect()
    {
        _agent = null;
        _waiting.InsertRange(0, _taken);
        _taken.Clear();
        foreach (var kept in _waiting.Where(kept => kept.Expired).ToList())
            Expire(kept);
    }

    private void Deliver()
    {
        if (_agent is not { } agent)
            return;
        var all = _waiting.ToList();
        _waiting.Clear();
        _taken.AddRange(all);
        foreach (var kept in all)
            agent(kept.Letter, () => _taken.Remove(kept));
    }

    private void Expire(Kept kept)
    {
        kept.Expired = true;
        if (_waiting.Remove(kept))
            giveBack(kept.Letter);
    }

    private sealed class Kept(Letter letter)
    {
        public Letter Letter => letter;

        public bool Expired { get; set; }
    }
}
