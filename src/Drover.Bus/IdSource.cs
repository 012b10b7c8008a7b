namespace Drover.Bus;

/// <summary>Where the ids of events and of agent processes come from. A simulation brings its own, so that one seed gives one trace.</summary>
public class IdSource
{
    /// <summary>An id that nobody else has, version 7 (RFC 9562 §5.7): it sorts by <paramref name="at"/>.</summary>
    /// <param name="at">When that which it names began.</param>
    public virtual Guid Next(DateTimeOffset at) => Guid.CreateVersion7(at);
}
