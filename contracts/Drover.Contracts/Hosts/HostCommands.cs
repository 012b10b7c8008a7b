namespace Drover.Contracts.Hosts;

// anyone → Drover:  confirm-host-down  → host.confirmed-down, and at its next report host.confirmation-withdrawn,  or command.rejected

/// <summary>
/// Attests that a silent host is down: nothing runs on it. Routing key <c>confirm-host-down</c>. The other host of each of its migrations may then testify
/// alone. The host is fenced: what was ordered before is refused when its agent comes back. Refused while the host reports; withdrawn when it reports again.
/// </summary>
public sealed record ConfirmHostDown
{
    /// <summary>The host.</summary>
    public required string Host { get; init; }

    /// <summary>Who attests it, for the record; 1 to 200 characters.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>How they know ("power is off, fenced by IPMI"), for the record; 1 to 500 characters.</summary>
    public required string Reason { get; init; }
}
