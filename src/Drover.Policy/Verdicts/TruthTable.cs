using Drover.Policy.Model;

namespace Drover.Policy.Verdicts;

/// <summary>
/// The one place that turns evidence into a verdict. It reads top to bottom; the first line that fits decides. No clock takes part: silence and time
/// never end a migration (libvirt's call errors are ambiguous by nature: nova's find_job_type and the P2P recovery rules of qemu_process.c say the same).
/// </summary>
public static class TruthTable
{
    /// <summary>Weighs both hosts' testimony about one attempt of one migration.</summary>
    /// <example>Source absent, destination running without a job and with this attempt's mark: <see cref="Verdict.Completed"/>.</example>
    public static Verdict Decide(Testimony source, Testimony destination, Guid migrationId, int attempt)
    {
        return (source, destination) switch
        {
            (Testimony.Silent, _) => new Verdict.Unsure("the source has not answered"),
            (_, Testimony.Silent) => new Verdict.Unsure("the destination has not answered"),
            (Testimony.LibvirtAway away, _) => new Verdict.Unsure($"the source's libvirt cannot be asked: {away.Reason}"),
            (_, Testimony.LibvirtAway away) => new Verdict.Unsure($"the destination's libvirt cannot be asked: {away.Reason}"),
            _ => Decide(StateOf(source), StateOf(destination), migrationId, attempt),
        };
    }

    private static GuestState? StateOf(Testimony testimony) => testimony is Testimony.Present present ? present.State : null;

    private static Verdict Decide(GuestState? source, GuestState? destination, Guid migrationId, int attempt) => (source, destination) switch
    {
        // Both run: libvirt's own window (its destination daemon died after resuming the guest and before saying so), or a second hand.
        ({ Power: GuestPower.Running, Job: not GuestJob.MigrationOut }, { Power: GuestPower.Running }) =>
            new Verdict.TwoCopies("both hosts say that the guest runs"),

        ({ Job: GuestJob.MigrationOut }, _) => new Verdict.Moving("the source's libvirt still has the migration's job"),
        (_, { Job: GuestJob.MigrationIn }) => new Verdict.Moving("the destination's libvirt still has the migration's job"),

        (_, { Reason: PowerReason.PostCopy or PowerReason.PostCopyFailed }) or ({ Reason: PowerReason.PostCopy or PowerReason.PostCopyFailed }, _) =>
            new Verdict.Unsure("the guest's memory is split between both hosts by a post-copy that no job carries"),

        (var s, { Power: GuestPower.Running or GuestPower.Paused } d) when !Active(s) => Arrived(d, migrationId, attempt),

        ({ Power: GuestPower.Running }, var d) when !Active(d) =>
            new Verdict.StayedOnSource("the guest runs on its source without a job, and the destination has no active copy"),
        ({ Power: GuestPower.Paused, Reason: not PowerReason.Migration }, var d) when !Active(d) =>
            new Verdict.StayedOnSource("the guest is on its source, paused by a user, and the destination has no active copy"),

        // libvirt leaves the source paused when its daemon dies between "performed" and "confirmed": somebody must look before anything is resumed.
        ({ Power: GuestPower.Paused }, var d) when !Active(d) =>
            new Verdict.Unsure("the source holds the guest paused by a migration that has no job, and the destination has no active copy"),

        (var s, var d) when !Active(s) && !Active(d) => new Verdict.GuestEnded(Ended(s) ?? Ended(d) ?? "the guest is active on neither host"),

        _ => new Verdict.Unsure("the hosts' answers do not fit together"),
    };

    private static Verdict Arrived(GuestState destination, Guid migrationId, int attempt) => destination switch
    {
        { Mark: { } mark } when mark.MigrationId != migrationId || mark.Attempt != attempt =>
            new Verdict.Unsure("the guest is on the destination, but another attempt's mark says how it came there"),
        { Mark: null } => new Verdict.Unsure("the guest is on the destination, but without this attempt's mark"),
        { Power: GuestPower.Running } => new Verdict.Completed("the guest runs on its destination with this attempt's mark, and its source has let go of it"),
        { Reason: PowerReason.Migration } => new Verdict.Unsure("the destination holds the guest paused by a migration that has no job, and the source has let go of it"),
        _ => new Verdict.Completed("the guest is on its destination with this attempt's mark, paused by a user, and its source has let go of it"),
    };

    private static bool Active(GuestState? state) => state is not (null or { Power: GuestPower.ShutOff or GuestPower.Crashed });

    private static string? Ended(GuestState? state) => state switch
    {
        { Power: GuestPower.Crashed } or { Reason: PowerReason.Crashed } => "the guest crashed",
        { Reason: PowerReason.Shutdown } => "the guest was shut down from within",
        { Reason: PowerReason.Destroyed } => "the guest was destroyed by a user",
        _ => null,
    };
}
