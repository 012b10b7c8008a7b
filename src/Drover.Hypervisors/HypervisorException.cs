namespace Drover.Hypervisors;

/// <summary>A hypervisor call did not do what was asked; <see cref="Kind"/> answers what the caller can do.</summary>
/// <param name="kind">What the caller can do.</param>
/// <param name="message">The hypervisor's own words.</param>
/// <param name="inner">The cause.</param>
public sealed class HypervisorException(HypervisorFailure kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What the caller can do.</summary>
    public HypervisorFailure Kind { get; } = kind;
}

/// <summary>What a failed hypervisor call means for its caller.</summary>
public enum HypervisorFailure
{
    /// <summary>The hypervisor cannot be reached now: nothing is known; try again.</summary>
    Unavailable = 1,

    /// <summary>The guest is not there.</summary>
    GuestGone = 2,

    /// <summary>The guest is busy with a job or its lock: try again.</summary>
    Busy = 3,

    /// <summary>This hypervisor or this guest cannot do it: do not try again.</summary>
    NotSupported = 4,

    /// <summary>It refused or failed for the reason in the message.</summary>
    Failed = 5,
}
