namespace Drover.Hypervisors.Simulated;

/// <summary>In which order a guest's work writes to the pages of its hot set. It decides how many different pages a pass finds dirty.</summary>
public enum WriteOrder
{
    /// <summary>Anywhere: after some time most writes hit a page that is dirty already.</summary>
    AtRandom = 0,

    /// <summary>One page after the other and round again, as the lab's guests do: every write dirties another page until all are.</summary>
    InTurn = 1,
}
