using Drover.Policy.Model;

namespace Drover.Policy.Verdicts;

/// <summary>
/// The one place that turns evidence into a verdict. It reads top to bottom; the first line that fits decides. No clock takes part: silence and time
/// never end a migration (libvirt's call errors are ambiguous by nature: nova's find_job_type and the P2P recovery rules of qemu_process.c say the same).
/// docs/verdicts.md says the same in words.
/// </summary>
public static class TruthTable
{
    /// <summary>Weighs both hosts' testimony about one attempt of one migration; guests are known by UUID, so a name takes no part.</summary>
    /// <param name="source">What the source says.</param>
    /// <param name="destination">What the destination says.</param>
    /// <param name="elsewhere">What other hosts say, should neither of the two have the guest.</param>
    /// <param name="migrationId">The migration.</param>
    /// <param name="attempt">Its attempt.</param>
    /// <example>Source absent, destination running without a job and with this attempt's mark: <see cref="Verdict.Completed"/>.</example>
    public static Verdict Decide(Testimony source, Testimony destination, Elsewhere elsewhere, Guid migrationId, int attempt) => (source, destination) switch
    {
        (Testimony.Silent, _) => new Verdict.Unsure("the source has not answered"),
        (_, Testimony.Silent) => new Verdict.Unsure("the destination has not answered"),
        (Testimony.LibvirtAway away, _) => new Verdict.Unsure($"the source's libvirt cannot be asked: {away.Reason}"),
        (_, Testimony.LibvirtAway away) => new Verdict.Unsure($"the destination's libvirt cannot be asked: {away.Reason}"),

        // A host that is confirmed down is fenced, and has nothing that runs: the other one testifies alone.
        (Testimony.ConfirmedDown down, Testimony.ConfirmedDown) => new Verdict.GuestEnded($"both of its hosts are down ({down.Attestation})"),
        (Testimony.ConfirmedDown down, _) => DestinationAlone(down, StateOf(destination), elsewhere, migrationId, attempt),
        (_, Testimony.ConfirmedDown down) => SourceAlone(StateOf(source), down, elsewhere),

        _ => Decide(StateOf(source), StateOf(destination), elsewhere, migrationId, attempt),
    };

    private static GuestState? StateOf(Testimony testimony) => testimony is Testimony.Present present ? present.State : null;

    private static Verdict Decide(GuestState? source, GuestState? destination, Elsewhere elsewhere, Guid migrationId, int attempt) => (source, destination) switch
    {
        // Both run: libvirt's own window (its destination daemon died after resuming the guest and before saying so), or a second hand.
        ({ Power: GuestPower.Running, Job: not GuestJob.MigrationOut }, { Power: GuestPower.Running }) =>
            new Verdict.TwoCopies("both hosts say that the guest runs"),

        ({ Job: GuestJob.MigrationOut }, _) => new Verdict.Moving("the source's libvirt still has the migration's job"),
        (_, { Job: GuestJob.MigrationIn }) => new Verdict.Moving("the destination's libvirt still has the migration's job"),
        ({ Job: GuestJob.MigrationIn }, _) => new Verdict.Passing("another hand moves the guest to its source"),
        (_, { Job: GuestJob.MigrationOut }) => new Verdict.Passing("another hand moves the guest away from its destination"),

        _ when IsSplit(source) || IsSplit(destination) => new Verdict.Unsure("the guest's memory is split between both hosts by a post-copy that no job carries"),
        _ when IsShuttingDown(source) || IsShuttingDown(destination) => new Verdict.Passing("the guest is shutting down"),

        (var s, { } d) when !Active(s) && Active(d) => Arrived(d, "its source has let go of it", migrationId, attempt),
        ({ } s, var d) when Active(s) && !Active(d) => Stayed(s, "the destination has no active copy"),
        (var s, var d) when !Active(s) && !Active(d) => Gone(s, d, elsewhere, "neither host has the guest"),

        // Two active copies of which at most one runs. Which of them is a leftover can be seen; to destroy it is an operator's to do.
        ({ Power: GuestPower.Paused, Reason: PowerReason.Migration }, { Power: GuestPower.Running } d) when IsOf(d, migrationId, attempt) =>
            new Verdict.Unsure("the guest runs on its destination with this attempt's mark, but its source still holds a copy paused by a migration that has no job: destroy that copy by hand"),
        ({ Power: GuestPower.Running }, { Power: GuestPower.Paused, Reason: PowerReason.Migration }) =>
            new Verdict.Unsure("the guest runs on its source, but its destination holds a copy paused by a migration that has no job: destroy that copy by hand"),
        _ => new Verdict.Unsure("both hosts hold an active copy of the guest, and at most one of them runs: an operator must say which is the guest, and destroy the other"),
    };

    private static Verdict DestinationAlone(Testimony.ConfirmedDown source, GuestState? destination, Elsewhere elsewhere, Guid migrationId, int attempt) => destination switch
    {
        { Job: GuestJob.MigrationIn } => new Verdict.Moving("the destination's libvirt still has the migration's job, and has not noticed yet that its source is down"),
        { Job: GuestJob.MigrationOut } => new Verdict.Passing("another hand moves the guest away from its destination"),
        _ when IsSplit(destination) => new Verdict.Unsure("the guest's memory was split between both hosts by a post-copy, and its source is down: what is missing will not come any more"),
        _ when IsShuttingDown(destination) => new Verdict.Passing("the guest is shutting down"),
        { } d when Active(d) => Arrived(d, $"its source is down ({source.Attestation})", migrationId, attempt),
        _ => Gone(null, destination, elsewhere, $"its source is down ({source.Attestation}), and its destination does not have it"),
    };

    private static Verdict SourceAlone(GuestState? source, Testimony.ConfirmedDown destination, Elsewhere elsewhere) => source switch
    {
        { Job: GuestJob.MigrationOut } => new Verdict.Moving("the source's libvirt still has the migration's job, and has not noticed yet that its destination is down"),
        { Job: GuestJob.MigrationIn } => new Verdict.Passing("another hand moves the guest to its source"),
        _ when IsSplit(source) => new Verdict.Unsure("the guest's memory was split between both hosts by a post-copy, and its destination is down: what was written there is lost"),
        _ when IsShuttingDown(source) => new Verdict.Passing("the guest is shutting down"),
        { } s when Active(s) => Stayed(s, $"the destination is down ({destination.Attestation})"),
        _ => Gone(source, null, elsewhere, $"its source has let go of it, and its destination is down ({destination.Attestation})"),
    };

    private static Verdict Arrived(GuestState destination, string source, Guid migrationId, int attempt) => destination switch
    {
        { Power: GuestPower.Paused, Reason: PowerReason.Migration } =>
            new Verdict.Unsure($"the destination holds the guest paused by a migration that has no job, and {source}: look at it, and resume it by hand"),

        // The mark is written before anything moves and travels with the guest: one that is not there, or another's, says that this attempt did not bring it.
        { Mark: null } => new Verdict.MovedByOthers($"the guest is on its destination, but without this attempt's mark, and {source}: other hands brought it there"),
        { Mark: { } mark } when mark.MigrationId != migrationId =>
            new Verdict.MovedByOthers($"the guest is on its destination, but with the mark of migration {mark.MigrationId}, and {source}"),
        _ when !IsOf(destination, migrationId, attempt) => new Verdict.Unsure("the guest is on the destination, but another attempt's mark says how it came there"),
        { Reason: PowerReason.Crashed } => new Verdict.GuestEnded("the guest crashed on its destination"),
        { Power: GuestPower.Running } => new Verdict.Completed($"the guest runs on its destination with this attempt's mark, and {source}"),
        _ => new Verdict.Completed($"the guest is on its destination with this attempt's mark, {Words(destination)}, and {source}"),
    };

    private static Verdict Stayed(GuestState source, string destination) => source switch
    {
        { Reason: PowerReason.Crashed } => new Verdict.GuestEnded("the guest crashed on its source"),
        { Power: GuestPower.Running } => new Verdict.StayedOnSource($"the guest runs on its source without a job, and {destination}"),

        // libvirt leaves the source paused when its daemon dies between "performed" and "confirmed": somebody must look before anything is resumed.
        { Power: GuestPower.Paused, Reason: PowerReason.Migration } =>
            new Verdict.Unsure($"the source holds the guest paused by a migration that has no job, and {destination}: look at it, and resume it by hand"),
        _ => new Verdict.StayedOnSource($"the guest is on its source, {Words(source)}, and {destination}"),
    };

    private static Verdict Gone(GuestState? source, GuestState? destination, Elsewhere elsewhere, string otherwise) =>
        (Ended(source, "its source") ?? Ended(destination, "its destination"), elsewhere) switch
        {
            (_, Elsewhere.On { Arriving: true } on) => new Verdict.Passing($"{otherwise}; another hand moves it to {on.Host}"),
            (_, Elsewhere.On on) => new Verdict.MovedByOthers($"{otherwise}; {on.Host} reports it: it was moved there by other hands than this migration's"),
            ({ } ended, _) => new Verdict.GuestEnded(ended),
            (_, Elsewhere.Unheard unheard) => new Verdict.Passing($"{otherwise}; {unheard.Hosts} other hosts have not reported since"),
            _ => new Verdict.GuestEnded($"{otherwise}, and no other host that reports has it"),
        };

    private static bool IsOf(GuestState state, Guid migrationId, int attempt) => state.Mark is { } mark && mark.MigrationId == migrationId && mark.Attempt == attempt;

    private static bool IsSplit(GuestState? state) => state is { Reason: PowerReason.PostCopy or PowerReason.PostCopyFailed };

    private static bool IsShuttingDown(GuestState? state) => state is { Power: GuestPower.Other or GuestPower.Paused, Reason: PowerReason.Shutdown };

    private static bool Active(GuestState? state) => state is not (null or { Power: GuestPower.ShutOff or GuestPower.Crashed });

    private static string Words(GuestState state) => state switch
    {
        { Power: GuestPower.Paused, Reason: PowerReason.User } => "paused by a user",
        { Power: GuestPower.Paused } => "paused (an I/O error, a watchdog or a snapshot does that)",
        _ => "suspended by its own power management",
    };

    private static string? Ended(GuestState? state, string where) => state switch
    {
        { Power: GuestPower.Crashed } or { Reason: PowerReason.Crashed } => $"the guest crashed on {where}",
        { Reason: PowerReason.Shutdown } => $"the guest was shut down from within, on {where}",
        { Reason: PowerReason.Destroyed } => $"the guest was destroyed by a user, on {where}",
        _ => null,
    };
}
