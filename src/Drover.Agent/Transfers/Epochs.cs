using System.Collections.Concurrent;
using Drover.Hypervisors;

namespace Drover.Agent.Transfers;

/// <summary>
/// The highest epoch seen per guest: the mark's, and those of orders that came while a migration ran and the mark could not be written. Bounded by the
/// guests of the host.
/// </summary>
internal sealed class Epochs
{
    private readonly ConcurrentDictionary<Guid, long> _highest = [];
    private readonly ConcurrentDictionary<Guid, (Guid Migration, int Attempt)> _barred = [];

    /// <summary>Takes an order's epoch into account. False when a higher one was seen: the order is stale.</summary>
    public bool Take(Guid guest, long epoch, GuestFacts? facts)
    {
        var seen = Math.Max(epoch, facts?.State.Mark?.Epoch ?? 0);
        return _highest.AddOrUpdate(guest, seen, (_, highest) => Math.Max(highest, seen)) == epoch;
    }

    /// <summary>No transfer of this attempt begins here any more. One attempt per guest is remembered: the last.</summary>
    public void Bar(Guid guest, Guid migration, int attempt) => _barred[guest] = (migration, attempt);

    /// <summary>Whether this process has barred the attempt.</summary>
    public bool IsBarred(Guid guest, Guid migration, int attempt) => _barred.TryGetValue(guest, out var barred) && barred == (migration, attempt);

    /// <summary>The highest seen; 0 when none.</summary>
    public long Highest(Guid guest) => _highest.GetValueOrDefault(guest);

    /// <summary>Forgets guests that are not on the host any more.</summary>
    public void KeepOnly(IReadOnlySet<Guid> guests)
    {
        foreach (var guest in _highest.Keys.Where(guest => !guests.Contains(guest)))
        {
            _highest.TryRemove(guest, out _);
            _barred.TryRemove(guest, out _);
        }
    }
}
