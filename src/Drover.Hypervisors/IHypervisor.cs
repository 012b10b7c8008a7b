using Drover.Policy.Model;

namespace Drover.Hypervisors;

/// <summary>
/// One host's hypervisor, as its agent sees it. Every call is bounded in time by the implementation and throws <see cref="HypervisorException"/>,
/// whose kind says what the caller can do. Nothing here decides; nothing here remembers beyond what the hypervisor itself does.
/// </summary>
public interface IHypervisor : IAsyncDisposable
{
    /// <summary>The host: name, versions, memory, processors, links.</summary>
    Task<HostFacts> DescribeHostAsync(CancellationToken cancellationToken);

    /// <summary>Every guest that the hypervisor knows, running or not.</summary>
    Task<IReadOnlyList<GuestFacts>> ListGuestsAsync(CancellationToken cancellationToken);

    /// <summary>One guest by UUID; null when the hypervisor knows none.</summary>
    Task<GuestFacts?> FindGuestAsync(Guid guest, CancellationToken cancellationToken);

    /// <summary>Replaces Drover's mark on a running guest. Fails while a migration runs on it.</summary>
    Task WriteMarkAsync(Guid guest, Mark mark, CancellationToken cancellationToken);

    /// <summary>
    /// Moves a guest peer-to-peer and returns when the hypervisor's call does. Cancelling the token stops waiting and nothing else: the migration
    /// belongs to the hypervisor and goes on. The result is a hint: only both hosts' testimony decides how it ended.
    /// </summary>
    Task<TransferEnd> TransferAsync(TransferPlan plan, CancellationToken cancellationToken);

    /// <summary>One reading of the guest's outgoing migration; null when it has none.</summary>
    Task<Sample?> SampleAsync(Guid guest, CancellationToken cancellationToken);

    /// <summary>Asks the hypervisor to abort the guest's outgoing migration. Returns true when there was one and it was told; false when there was none.</summary>
    Task<bool> AbortAsync(Guid guest, CancellationToken cancellationToken);

    /// <summary>The downtime limit that the guest's QEMU has now.</summary>
    Task<TimeSpan> GetDowntimeLimitAsync(Guid guest, CancellationToken cancellationToken);

    /// <summary>Sets the downtime limit, also while the guest migrates. It stays in that QEMU until set again.</summary>
    Task SetDowntimeLimitAsync(Guid guest, TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Removes the definition of a guest that is off, and nothing else of it: its firmware variables and TPM state stay. Fails while the guest is active.</summary>
    Task ForgetGuestAsync(Guid guest, CancellationToken cancellationToken);

    /// <summary>
    /// What happens on the host, as it happens, until cancelled: guests' life cycle, passes, completed jobs, the connection lost and back.
    /// Bounded: when the reader is slow, the oldest are dropped, so an event is a hint to look and never the only source of a fact.
    /// </summary>
    IAsyncEnumerable<HypervisorEvent> WatchAsync(CancellationToken cancellationToken);
}
