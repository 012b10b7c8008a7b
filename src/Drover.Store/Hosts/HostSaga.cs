using MassTransit;

namespace Drover.Store.Hosts;

/// <summary>One host as the database remembers it: owner of its lanes' limits and of its presence's edges.</summary>
public sealed class HostSaga : SagaStateMachineInstance, ISagaVersion
{
    /// <summary>Derived from the host's name.</summary>
    public Guid CorrelationId { get; set; }

    /// <summary>Incremented by the repository on each save.</summary>
    public int Version { get; set; }

    /// <summary>The state's name.</summary>
    public string CurrentState { get; set; } = null!;

    /// <summary>The host's name.</summary>
    public string Host { get; set; } = null!;

    /// <summary>Migrations that may leave it at once.</summary>
    public int OutLimit { get; set; }

    /// <summary>Migrations that may come to it at once.</summary>
    public int InLimit { get; set; }

    /// <summary>Since when it is silent; null when it is not.</summary>
    public DateTimeOffset? SilentSince { get; set; }
}
