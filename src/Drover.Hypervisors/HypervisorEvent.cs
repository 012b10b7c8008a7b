namespace Drover.Hypervisors;

/// <summary>Something that a hypervisor said without being asked: a reason to look, never a fact by itself.</summary>
public abstract record HypervisorEvent
{
    private HypervisorEvent()
    {
    }

    /// <summary>A guest started, stopped, paused, resumed, or was defined or undefined.</summary>
    /// <param name="Guest">The guest.</param>
    /// <param name="What">The hypervisor's own words, for the log ("resumed: migrated").</param>
    public sealed record GuestChanged(Guid Guest, string What) : HypervisorEvent;

    /// <summary>A migration began another pass over memory.</summary>
    /// <param name="Guest">The guest.</param>
    /// <param name="Iteration">Libvirt's iteration counter.</param>
    public sealed record PassBegan(Guid Guest, int Iteration) : HypervisorEvent;

    /// <summary>A job ended well; totals where the hypervisor gave them. Sent only on success.</summary>
    /// <param name="Guest">The guest.</param>
    /// <param name="Totals">What it moved.</param>
    public sealed record JobCompleted(Guid Guest, TransferTotals Totals) : HypervisorEvent;

    /// <summary>The connection to the hypervisor is gone; calls fail until it is back.</summary>
    /// <param name="Reason">Why, in the hypervisor's words.</param>
    public sealed record ConnectionLost(string Reason) : HypervisorEvent;

    /// <summary>The connection is there (the first one, or again): everything should be looked at anew.</summary>
    public sealed record Connected : HypervisorEvent;
}
