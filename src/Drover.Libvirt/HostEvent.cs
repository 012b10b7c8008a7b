namespace Drover.Libvirt;

/// <summary>Something that libvirt said without being asked.</summary>
public abstract record HostEvent
{
    private HostEvent()
    {
    }

    /// <summary>A guest's life cycle changed.</summary>
    /// <param name="Guest">The guest's UUID.</param>
    /// <param name="What">What happened.</param>
    /// <param name="Detail">Libvirt's detail number, whose meaning depends on <paramref name="What"/>.</param>
    public sealed record LifecycleChanged(Guid Guest, LifecycleEvent What, int Detail) : HostEvent
    {
        /// <summary>Both in words for a log: "resumed: migrated".</summary>
        public string Words => Lifecycle.Describe(What, Detail);
    }

    /// <summary>A migration began another pass over memory.</summary>
    /// <param name="Guest">The guest's UUID.</param>
    /// <param name="Iteration">Libvirt's counter.</param>
    public sealed record IterationBegan(Guid Guest, int Iteration) : HostEvent;

    /// <summary>A job ended well; sent only on success.</summary>
    /// <param name="Guest">The guest's UUID.</param>
    /// <param name="Stats">The finished job's statistics.</param>
    public sealed record JobCompleted(Guid Guest, JobStats Stats) : HostEvent;
}
