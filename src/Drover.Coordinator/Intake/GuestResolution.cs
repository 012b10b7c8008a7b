using Drover.Contracts.Commands;
using Drover.Store.Hosts;

namespace Drover.Coordinator.Intake;

/// <summary>Finds the guest that a command means among what the hosts reported. Pure: rows in, one row or one refusal out.</summary>
public static class GuestResolution
{
    /// <summary>The guest, or why it cannot be said which one is meant.</summary>
    /// <param name="Guest">The row on its source; null when refused.</param>
    /// <param name="Code">The refusal's code.</param>
    /// <param name="Message">The refusal in words.</param>
    public sealed record Result(GuestRow? Guest, RejectionCode Code = default, string? Message = null);

    /// <summary>Resolves a name or UUID, on the named source or anywhere.</summary>
    /// <param name="asked">What the command calls the guest.</param>
    /// <param name="source">The host it names; null for any.</param>
    /// <param name="reported">Every row of that name or UUID, on any host.</param>
    public static Result Resolve(string asked, string? source, IReadOnlyList<GuestRow> reported)
    {
        if (reported.Count == 0)
            return new(null, RejectionCode.UnknownGuest, $"No host reports a guest \"{asked}\": give the name or UUID that \"virsh list --all\" shows.");

        var candidates = source is null ? reported : [.. reported.Where(row => row.Host == source)];
        if (candidates.Count == 0)
            return new(null, RejectionCode.GuestNotOnHost, $"Guest \"{asked}\" is not on {source} but on {Hosts(reported)}: name that host as its source, or none.");

        // A copy that is off, or on its way in, is not where the guest is.
        IReadOnlyList<GuestRow> active = [.. candidates.Where(row => row is { Power: not ("shut-off" or "crashed"), Job: not "migration-in" })];
        var best = active.Count > 0 ? active : candidates;
        return best.Count == 1
            ? new(best[0])
            : new(null, RejectionCode.GuestAmbiguous, $"Guest \"{asked}\" is on {Hosts(best)}: name the source, or use the guest's UUID.");
    }

    private static string Hosts(IReadOnlyList<GuestRow> rows) => string.Join(" and ", rows.Select(row => row.Host).Distinct().Order(StringComparer.Ordinal));
}
