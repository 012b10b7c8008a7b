using System.Text.Json;
using Drover.Contracts.Agents;
using Drover.Policy.Model;

namespace Drover.Coordinator;

/// <summary>Messages into policy's values. A word that this version does not know becomes "other": a newer agent never stops an older coordinator.</summary>
internal static class Translate
{
    public static Testimony ToTestimony(GuestSighting? sighting) => sighting switch
    {
        null => new Testimony.Silent(),
        { LibvirtAway: { } reason } => new Testimony.LibvirtAway(reason),
        { Present: false } => new Testimony.Absent(),
        _ => new Testimony.Present(new GuestState
        {
            Power = Named(sighting.Power, GuestPower.Other),
            Reason = Named(sighting.PowerReason, PowerReason.Other),
            Job = Named(sighting.Job, GuestJob.Other),
            Mark = sighting is { MarkMigrationId: { } migration, MarkAttempt: { } attempt, MarkEpoch: { } epoch }
                ? new Mark { MigrationId = migration, Attempt = attempt, Epoch = epoch, Source = "", Destination = "" }
                : null,
        }),
    };

    private static T Named<T>(string? kebab, T other)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()) == kebab)
                return value;
        }

        return other;
    }
}
