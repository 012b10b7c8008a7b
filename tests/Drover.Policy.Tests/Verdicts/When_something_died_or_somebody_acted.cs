using Drover.Policy.Model;
using Drover.Policy.Verdicts;

namespace Drover.Policy.Tests.Verdicts;

/// <summary>
/// The truth table, row by row: each line is one thing that can die or be done, as libvirt then shows it (docs/verdicts.md has the same rows in words).
/// The first column names the row. Crash points that leave nothing on a host but what another row already shows (a killed agent, API, coordinator, broker)
/// have no line of their own: they end in one of these.
/// </summary>
public class When_something_died_or_somebody_acted
{
    private static readonly Guid Migration = Guid.Parse("0198c0de-0000-7000-8000-000000000001");

    private static readonly Testimony Silent = new Testimony.Silent();
    private static readonly Testimony Away = new Testimony.LibvirtAway("connection refused");
    private static readonly Testimony Absent = new Testimony.Absent();
    private static readonly Testimony Down = new Testimony.ConfirmedDown("confirmed by anna: power is off");
    private static readonly Elsewhere Nowhere = new Elsewhere.Nowhere();

    private static Testimony See(GuestPower power, PowerReason reason = PowerReason.Other, GuestJob job = GuestJob.None, int attempt = 1) => new Testimony.Present(new GuestState
    {
        Power = power,
        Reason = reason,
        Job = job,
        Mark = attempt == 0 ? null : new Mark { MigrationId = Migration, Attempt = attempt, Epoch = 1, Source = "host-a", Destination = "host-b" },
    });

    private static readonly Testimony Runs = See(GuestPower.Running);
    private static readonly Testimony Arrived = See(GuestPower.Running, PowerReason.Migrated);
    private static readonly Testimony Leaves = See(GuestPower.Running, job: GuestJob.MigrationOut);
    private static readonly Testimony Comes = See(GuestPower.Paused, PowerReason.Migration, GuestJob.MigrationIn);
    private static readonly Testimony LetGo = See(GuestPower.ShutOff, PowerReason.Migrated);

    private sealed record Row(Testimony Source, Testimony Destination, Type Verdict, string Says, Elsewhere? Elsewhere = null);

    private static readonly Dictionary<string, Row> Rows = new()
    {
        // Who may die, and what follows (FACTS 1.6 and 1.9).
        ["P2P client (agent) dies, any phase: the migration goes on"] = new(Leaves, Comes, typeof(Verdict.Moving), "source's libvirt still has"),
        ["P2P client dies at the end: the migration has ended well"] = new(Absent, Arrived, typeof(Verdict.Completed), "runs on its destination"),
        ["source libvirtd dies in pre-copy, not back yet"] = new(Away, Absent, typeof(Verdict.Unsure), "source's libvirt cannot be asked"),
        ["source libvirtd dies in pre-copy, and is back: nothing recorded"] = new(Runs, Absent, typeof(Verdict.StayedOnSource), "runs on its source"),
        ["destination libvirtd dies in pre-copy, not back yet"] = new(Runs, Away, typeof(Verdict.Unsure), "destination's libvirt cannot be asked"),
        ["destination libvirtd dies in pre-copy, and is back: cleaned"] = new(See(GuestPower.Running, PowerReason.MigrationCancelled), See(GuestPower.ShutOff, PowerReason.Failed), typeof(Verdict.StayedOnSource), "runs on its source"),
        ["source libvirtd dies in post-copy: goes on, the job shows again"] = new(See(GuestPower.Paused, PowerReason.PostCopy, GuestJob.MigrationOut), See(GuestPower.Running, PowerReason.PostCopy, GuestJob.MigrationIn), typeof(Verdict.Moving), "still has"),
        ["network dies in pre-copy: cancelled by keepalive"] = new(See(GuestPower.Running, PowerReason.MigrationCancelled), Absent, typeof(Verdict.StayedOnSource), "runs on its source"),
        ["network dies in pre-copy: the stream hangs on"] = new(Leaves, Comes, typeof(Verdict.Moving), "still has"),
        ["network dies in post-copy: both sides wait"] = new(See(GuestPower.Paused, PowerReason.PostCopyFailed), See(GuestPower.Running, PowerReason.PostCopyFailed), typeof(Verdict.Unsure), "split"),
        ["source libvirtd dies in Perform-done: source paused, destination finished"] = new(See(GuestPower.Paused, PowerReason.Migration), Arrived, typeof(Verdict.Unsure), "destroy that copy by hand"),
        ["source libvirtd dies in Perform-done: source paused, destination cleaned up"] = new(See(GuestPower.Paused, PowerReason.Migration), Absent, typeof(Verdict.Unsure), "resume it by hand"),
        ["... and an operator resumed it"] = new(Runs, Absent, typeof(Verdict.StayedOnSource), "runs on its source"),
        ["... and an operator destroyed the leftover"] = new(See(GuestPower.ShutOff, PowerReason.Destroyed), Arrived, typeof(Verdict.Completed), "let go of it"),
        ["source libvirtd dies in Confirm: source gone"] = new(LetGo, Arrived, typeof(Verdict.Completed), "let go of it"),
        ["destination libvirtd dies in Prepare: nothing came"] = new(Runs, Absent, typeof(Verdict.StayedOnSource), "no active copy"),
        ["destination libvirtd dies in Finish before it resumed: killed"] = new(Runs, See(GuestPower.ShutOff, PowerReason.Failed), typeof(Verdict.StayedOnSource), "no active copy"),
        ["destination libvirtd dies in Finish before it resumed: its copy is left paused"] = new(Runs, See(GuestPower.Paused, PowerReason.Migration), typeof(Verdict.Unsure), "destination holds a copy paused"),
        ["destination libvirtd dies after it resumed and before it answered: libvirt's own window"] = new(Runs, Arrived, typeof(Verdict.TwoCopies), "both hosts say that the guest runs"),
        ["the same, seen while the destination's job lingers"] = new(Runs, See(GuestPower.Running, job: GuestJob.MigrationIn), typeof(Verdict.TwoCopies), "both hosts"),

        // QEMU dies (crash points 13 and 14).
        ["source QEMU dies in pre-copy: lost, and reported"] = new(See(GuestPower.ShutOff, PowerReason.Crashed), Absent, typeof(Verdict.GuestEnded), "crashed on its source"),
        ["source QEMU dies at switch-over: it runs if the destination proves it"] = new(See(GuestPower.ShutOff, PowerReason.Crashed), Arrived, typeof(Verdict.Completed), "runs on its destination"),
        ["source QEMU dies at switch-over: it does not run on the destination"] = new(See(GuestPower.ShutOff, PowerReason.Crashed), See(GuestPower.ShutOff, PowerReason.Failed), typeof(Verdict.GuestEnded), "crashed on its source"),
        ["source QEMU of a transient guest dies: it is nowhere"] = new(Absent, Absent, typeof(Verdict.GuestEnded), "no other host"),
        ["source QEMU dies in post-copy: the destination waits for pages"] = new(See(GuestPower.ShutOff, PowerReason.Crashed), See(GuestPower.Paused, PowerReason.PostCopyFailed), typeof(Verdict.Unsure), "split"),
        ["destination QEMU dies in pre-copy: stays"] = new(Runs, See(GuestPower.ShutOff, PowerReason.Crashed), typeof(Verdict.StayedOnSource), "runs on its source"),
        ["destination QEMU dies at switch-over: put back by libvirt"] = new(See(GuestPower.Running, PowerReason.MigrationCancelled), Absent, typeof(Verdict.StayedOnSource), "runs on its source"),
        ["destination QEMU dies right after it arrived: lost, and reported"] = new(LetGo, See(GuestPower.ShutOff, PowerReason.Crashed), typeof(Verdict.GuestEnded), "crashed on its destination"),
        ["destination QEMU dies in post-copy: the source has the rest"] = new(See(GuestPower.Paused, PowerReason.PostCopyFailed), Absent, typeof(Verdict.Unsure), "split"),

        // Control links and hosts (17 and 18).
        ["source unreachable, data path fine"] = new(Silent, Comes, typeof(Verdict.Unsure), "source has not answered"),
        ["destination unreachable, data path fine"] = new(Leaves, Silent, typeof(Verdict.Unsure), "destination has not answered"),
        ["both unreachable"] = new(Silent, Silent, typeof(Verdict.Unsure), "has not answered"),
        ["the guest runs on the destination, and the source is silent: one side alone is no verdict"] = new(Silent, Arrived, typeof(Verdict.Unsure), "source has not answered"),
        ["the guest runs on the source, and the destination is silent"] = new(Runs, Silent, typeof(Verdict.Unsure), "destination has not answered"),
        ["source off and confirmed down, the guest had arrived"] = new(Down, Arrived, typeof(Verdict.Completed), "confirmed by anna"),
        ["source off and confirmed down, the guest died with it"] = new(Down, Absent, typeof(Verdict.GuestEnded), "confirmed by anna"),
        ["source off and confirmed down, the destination still waits for it"] = new(Down, Comes, typeof(Verdict.Moving), "has not noticed"),
        ["source off and confirmed down, in post-copy"] = new(Down, See(GuestPower.Paused, PowerReason.PostCopyFailed), typeof(Verdict.Unsure), "will not come any more"),
        ["source off and confirmed down, the destination's copy has no mark of this attempt"] = new(Down, See(GuestPower.Running, attempt: 0), typeof(Verdict.MovedByOthers), "without this attempt's mark"),
        ["source off and confirmed down, the destination's copy was never resumed"] = new(Down, See(GuestPower.Paused, PowerReason.Migration), typeof(Verdict.Unsure), "resume it by hand"),
        ["source off and confirmed down, the destination is silent"] = new(Down, Silent, typeof(Verdict.Unsure), "destination has not answered"),
        ["source off and confirmed down, the destination's libvirt is away"] = new(Down, Away, typeof(Verdict.Unsure), "cannot be asked"),
        ["destination off and confirmed down, the guest had stayed"] = new(Runs, Down, typeof(Verdict.StayedOnSource), "confirmed by anna"),
        ["destination off and confirmed down, the guest had left"] = new(LetGo, Down, typeof(Verdict.GuestEnded), "let go"),
        ["destination off and confirmed down, the source has not noticed"] = new(Leaves, Down, typeof(Verdict.Moving), "has not noticed"),
        ["destination off and confirmed down, in post-copy"] = new(See(GuestPower.Paused, PowerReason.PostCopyFailed), Down, typeof(Verdict.Unsure), "lost"),
        ["destination off and confirmed down, the source is left paused"] = new(See(GuestPower.Paused, PowerReason.Migration), Down, typeof(Verdict.Unsure), "resume it by hand"),
        ["both off and confirmed down"] = new(Down, Down, typeof(Verdict.GuestEnded), "both of its hosts are down"),

        // What people do by hand (26), and what the guest does itself (28).
        ["shut down while it moves, on its way down"] = new(See(GuestPower.Other, PowerReason.Shutdown), Absent, typeof(Verdict.Passing), "shutting down"),
        ["shut down on the source"] = new(See(GuestPower.ShutOff, PowerReason.Shutdown), Absent, typeof(Verdict.GuestEnded), "shut down from within, on its source"),
        ["shut down on the destination before anybody asked"] = new(LetGo, See(GuestPower.ShutOff, PowerReason.Shutdown), typeof(Verdict.GuestEnded), "shut down from within, on its destination"),
        ["destroyed on the source"] = new(See(GuestPower.ShutOff, PowerReason.Destroyed), Absent, typeof(Verdict.GuestEnded), "destroyed by a user, on its source"),
        ["destroyed on the destination"] = new(Absent, See(GuestPower.ShutOff, PowerReason.Destroyed), typeof(Verdict.GuestEnded), "destroyed by a user, on its destination"),
        ["crashed, and kept for a look (on_crash=preserve)"] = new(See(GuestPower.Crashed), Absent, typeof(Verdict.GuestEnded), "crashed"),
        ["panicked, and paused by that, on the source"] = new(See(GuestPower.Paused, PowerReason.Crashed), Absent, typeof(Verdict.GuestEnded), "crashed on its source"),
        ["panicked, and paused by that, on the destination"] = new(Absent, See(GuestPower.Paused, PowerReason.Crashed), typeof(Verdict.GuestEnded), "crashed on its destination"),
        ["rebooted: it runs as before"] = new(Runs, Absent, typeof(Verdict.StayedOnSource), "runs on its source"),
        ["renamed: testimony is by UUID"] = new(LetGo, Arrived, typeof(Verdict.Completed), "runs on its destination"),
        ["paused by a user on the source"] = new(See(GuestPower.Paused, PowerReason.User), Absent, typeof(Verdict.StayedOnSource), "paused by a user"),
        ["paused by a user on the destination"] = new(Absent, See(GuestPower.Paused, PowerReason.User), typeof(Verdict.Completed), "paused by a user"),
        ["paused by an I/O error on the source"] = new(See(GuestPower.Paused), Absent, typeof(Verdict.StayedOnSource), "I/O error"),
        ["suspended itself (S3)"] = new(See(GuestPower.Other), Absent, typeof(Verdict.StayedOnSource), "power management"),
        ["saved or dumped by a user while Drover asks"] = new(See(GuestPower.Running, job: GuestJob.Other), Absent, typeof(Verdict.StayedOnSource), "runs on its source"),
        ["migrated by hand to the destination of this migration, never marked"] = new(LetGo, See(GuestPower.Running, PowerReason.Migrated, attempt: 0), typeof(Verdict.MovedByOthers), "without this attempt's mark"),
        ["brought to the destination by another migration"] = new(Absent, new Testimony.Present(new GuestState { Power = GuestPower.Running, Reason = PowerReason.Migrated, Job = GuestJob.None, Mark = new Mark { MigrationId = Guid.Parse("0198c0de-0000-7000-8000-000000000002"), Attempt = 1, Epoch = 7, Source = "host-a", Destination = "host-b" } }), typeof(Verdict.MovedByOthers), "with the mark of migration 0198c0de-0000-7000-8000-000000000002"),
        ["migrated by a later attempt"] = new(LetGo, See(GuestPower.Running, PowerReason.Migrated, attempt: 2), typeof(Verdict.Unsure), "another attempt's mark"),
        ["migrated by hand to a third host"] = new(LetGo, Absent, typeof(Verdict.MovedByOthers), "host-c reports it", new Elsewhere.On("host-c", Arriving: false)),
        ["being migrated by hand to a third host, seen as it arrives"] = new(LetGo, Absent, typeof(Verdict.Passing), "to host-c", new Elsewhere.On("host-c", Arriving: true)),
        ["migrated by hand, and not every host has been heard"] = new(LetGo, Absent, typeof(Verdict.Passing), "3 other hosts", new Elsewhere.Unheard(3)),
        ["shut down, and not every host has been heard: its end is known"] = new(See(GuestPower.ShutOff, PowerReason.Shutdown), Absent, typeof(Verdict.GuestEnded), "shut down", new Elsewhere.Unheard(3)),
        ["moved on from the destination by hand, while that runs"] = new(LetGo, See(GuestPower.Running, job: GuestJob.MigrationOut), typeof(Verdict.Passing), "away from its destination"),
        ["moved back to the source by hand, while that runs"] = new(See(GuestPower.Paused, PowerReason.Migration, GuestJob.MigrationIn), See(GuestPower.Running, job: GuestJob.MigrationOut), typeof(Verdict.Passing), "to its source"),
        ["moved on by hand from the destination to a third host"] = new(LetGo, LetGo, typeof(Verdict.MovedByOthers), "host-c reports it", new Elsewhere.On("host-c", Arriving: false)),
        ["moved to a third host, and the source is confirmed down"] = new(Down, Absent, typeof(Verdict.MovedByOthers), "host-c", new Elsewhere.On("host-c", Arriving: false)),
        ["both copies paused"] = new(See(GuestPower.Paused, PowerReason.User), See(GuestPower.Paused, PowerReason.User), typeof(Verdict.Unsure), "an operator must say which"),
    };

    public static TheoryData<string> Names => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_row_has_its_verdict_and_says_what_was_seen(string name)
    {
        var row = Rows[name];
        var verdict = TruthTable.Decide(row.Source, row.Destination, row.Elsewhere ?? Nowhere, Migration, attempt: 1);
        Assert.Equal(row.Verdict, verdict.GetType());
        Assert.Contains(row.Says, verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_other_hosts_say_counts_only_when_neither_of_the_two_has_the_guest()
    {
        foreach (var (name, row) in Rows.Where(row => row.Value.Elsewhere is null))
        {
            var seen = TruthTable.Decide(row.Source, row.Destination, new Elsewhere.On("host-c", Arriving: false), Migration, attempt: 1);
            Assert.True(seen.GetType() == row.Verdict || (row.Verdict == typeof(Verdict.GuestEnded) && seen is Verdict.MovedByOthers), name);
        }
    }

    [Fact]
    public void What_has_ended_without_the_destination_is_barred_first_unless_the_transfer_is_known_to_be_over()
    {
        foreach (var verdict in new Verdict[] { new Verdict.StayedOnSource(""), new Verdict.GuestEnded(""), new Verdict.MovedByOthers("") })
        {
            Assert.Equal(Conclusion.BarTransfer, Conclusions.Draw(verdict, transferOver: false, cancelAsked: false));
            Assert.NotEqual(Conclusion.BarTransfer, Conclusions.Draw(verdict, transferOver: true, cancelAsked: false));
        }
    }
}
