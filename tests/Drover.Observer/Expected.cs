namespace Drover.Observer;

/// <summary>What may be, and must be at the end.</summary>
internal sealed record Expected
{
    /// <summary>Guests by name: the host that it must run on, "off" (defined once, active nowhere), or "lost" (may be that too, and its ticks may end).</summary>
    public Dictionary<string, string> Guests { get; } = [];

    /// <summary>The most that a guest's CPUs may stand still, in milliseconds of its own account.</summary>
    public long Pause { get; set; } = 1500;

    /// <summary>The most that may pass between two ticks, in milliseconds of ours: a guest that is nowhere does not tick.</summary>
    public long Silence { get; set; } = 5000;

    /// <summary>How often a guest may boot.</summary>
    public long Boots { get; set; }

    /// <summary>How many migrations may leave, and how many come to a host at once.</summary>
    public long Limit { get; set; } = 2;

    /// <summary>Two moving copies are what the cell makes: it must be seen, and is no violation.</summary>
    public bool TwoCopies { get; set; }
}
