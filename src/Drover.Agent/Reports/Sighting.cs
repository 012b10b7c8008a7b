using System.Text.Json;
using Drover.Contracts.Agents;
using Drover.Hypervisors;

namespace Drover.Agent.Reports;

/// <summary>Hypervisor's values → the words of the conversation with the coordinator.</summary>
internal static class Sighting
{
    /// <summary>Libvirt knows no such guest.</summary>
    public static GuestSighting None { get; } = new() { Present = false };

    /// <summary>Libvirt could not be asked.</summary>
    public static GuestSighting Away(string reason) => new() { LibvirtAway = reason };

    /// <summary>What libvirt says of the guest.</summary>
    public static GuestSighting Of(GuestFacts guest) => new()
    {
        Present = true,
        Power = Word(guest.State.Power),
        PowerReason = Word(guest.State.Reason),
        Job = Word(guest.State.Job),
        MarkMigrationId = guest.State.Mark?.MigrationId,
        MarkAttempt = guest.State.Mark?.Attempt,
        MarkEpoch = guest.State.Mark?.Epoch,
    };

    /// <summary>An enum's member in kebab case: <c>shut-off</c>.</summary>
    public static string Word<T>(T member) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(member.ToString());
}
