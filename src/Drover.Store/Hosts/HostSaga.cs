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

    /// <summary>Orders to begin that were given under a lower number are refused by its agent. Raised when the host is confirmed down; 0 when it never was.</summary>
    public long EpochFloor { get; set; }

    /// <summary>When an operator confirmed that it is down; null when none did, or it has reported since.</summary>
    public DateTimeOffset? ConfirmedDownAt { get; set; }

    /// <summary>Who confirmed that.</summary>
    public string? ConfirmedDownBy { get; set; }

    /// <summary>Why they were sure.</summary>
    public string? ConfirmedDownReason { get; set; }

    /// <summary>Since when orders to it come back; null when none has since its agent was last back.</summary>
    public DateTimeOffset? UnreachableSince { get; set; }
}
