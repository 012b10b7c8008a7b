using CsCheck;
using Drover.Policy.Model;
using Drover.Policy.Verdicts;

namespace Drover.Policy.Tests.Verdicts;

public class When_both_hosts_have_testified
{
    private static readonly Guid Migration = Guid.Parse("0198c0de-0000-7000-8000-000000000001");
    private const int Attempt = 1;

    private static readonly Testimony Silent = new Testimony.Silent();
    private static readonly Testimony Away = new Testimony.LibvirtAway("connection refused");
    private static readonly Testimony Absent = new Testimony.Absent();
    private static readonly Testimony Off = See(GuestPower.ShutOff, PowerReason.Migrated);
    private static readonly Testimony Running = See(GuestPower.Running);

    private static Testimony See(GuestPower power, PowerReason reason = PowerReason.Other, GuestJob job = GuestJob.None, int? markAttempt = Attempt) =>
        new Testimony.Present(new GuestState
        {
            Power = power,
            Reason = reason,
            Job = job,
            Mark = markAttempt is { } attempt
                ? new Mark { MigrationId = Migration, Attempt = attempt, Epoch = 1, Source = "host-a", Destination = "host-b" }
                : null,
        });

    private static Verdict Decide(Testimony source, Testimony destination) => TruthTable.Decide(source, destination, new Elsewhere.Nowhere(), Migration, Attempt);

    [Fact]
    public void It_is_completed_when_it_runs_there_with_this_attempts_mark_and_the_source_has_let_go()
    {
        Assert.IsType<Verdict.Completed>(Decide(Absent, See(GuestPower.Running, PowerReason.Migrated)));
        Assert.IsType<Verdict.Completed>(Decide(Off, See(GuestPower.Running, PowerReason.Migrated)));
    }

    [Fact]
    public void A_user_who_paused_it_on_the_destination_does_not_undo_the_move() =>
        Assert.IsType<Verdict.Completed>(Decide(Absent, See(GuestPower.Paused, PowerReason.User)));

    [Fact]
    public void Another_or_no_mark_on_the_destination_is_not_this_attempts_success()
    {
        Assert.IsType<Verdict.MovedByOthers>(Decide(Absent, See(GuestPower.Running, PowerReason.Migrated, markAttempt: null)));
        Assert.IsType<Verdict.Unsure>(Decide(Absent, See(GuestPower.Running, PowerReason.Migrated, markAttempt: 2)));
    }

    [Fact]
    public void It_stayed_when_it_runs_on_the_source_without_a_job_and_the_destination_has_no_active_copy()
    {
        Assert.IsType<Verdict.StayedOnSource>(Decide(See(GuestPower.Running, PowerReason.MigrationCancelled), Absent));
        Assert.IsType<Verdict.StayedOnSource>(Decide(Running, See(GuestPower.ShutOff, PowerReason.Failed)));
        Assert.IsType<Verdict.StayedOnSource>(Decide(See(GuestPower.Paused, PowerReason.User), Absent));
    }

    [Fact]
    public void A_job_on_either_host_means_that_it_still_moves()
    {
        Assert.IsType<Verdict.Moving>(Decide(See(GuestPower.Running, job: GuestJob.MigrationOut), See(GuestPower.Paused, PowerReason.Migration, GuestJob.MigrationIn)));
        Assert.IsType<Verdict.Moving>(Decide(See(GuestPower.Paused, PowerReason.Migration, GuestJob.MigrationOut), See(GuestPower.Running, PowerReason.Migrated)));
        Assert.IsType<Verdict.Moving>(Decide(Absent, See(GuestPower.Running, job: GuestJob.MigrationIn)));
    }

    [Fact]
    public void Two_running_copies_are_an_alarm_and_nothing_else() => Assert.IsType<Verdict.TwoCopies>(Decide(Running, Running));

    [Fact]
    public void A_source_paused_by_a_migration_without_a_job_needs_somebody_to_look() =>
        Assert.IsType<Verdict.Unsure>(Decide(See(GuestPower.Paused, PowerReason.Migration), Absent));

    [Fact]
    public void A_split_memory_is_never_called_an_end() =>
        Assert.IsType<Verdict.Unsure>(Decide(See(GuestPower.Paused, PowerReason.PostCopyFailed), See(GuestPower.Running, PowerReason.PostCopyFailed)));

    [Theory]
    [InlineData(PowerReason.Shutdown, "shut down")]
    [InlineData(PowerReason.Destroyed, "destroyed")]
    [InlineData(PowerReason.Crashed, "crashed")]
    public void A_guest_that_ended_by_itself_or_by_its_user_ended_as_that(PowerReason reason, string word)
    {
        var verdict = Assert.IsType<Verdict.GuestEnded>(Decide(See(GuestPower.ShutOff, reason), Absent));
        Assert.Contains(word, verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Silence_or_a_libvirt_that_is_away_on_either_side_is_never_a_verdict() =>
        AnyTestimony.Sample(other =>
            Decide(Silent, other) is Verdict.Unsure && Decide(other, Silent) is Verdict.Unsure &&
            Decide(Away, other) is Verdict.Unsure && Decide(other, Away) is Verdict.Unsure);

    [Fact]
    public void No_end_is_ever_declared_while_a_host_has_the_job() =>
        Gen.Select(AnyTestimony, AnyTestimony).Sample((source, destination) =>
            !(HasJob(source, GuestJob.MigrationOut) || HasJob(destination, GuestJob.MigrationIn))
            || Decide(source, destination) is Verdict.Moving or Verdict.Passing or Verdict.Unsure or Verdict.TwoCopies);

    [Fact]
    public void Completed_needs_an_active_destination_and_an_inactive_source() =>
        Gen.Select(AnyTestimony, AnyTestimony).Sample((source, destination) =>
            Decide(source, destination) is not Verdict.Completed || (!IsActive(source) && IsActive(destination)));

    [Fact]
    public void Stayed_needs_an_active_source_and_an_inactive_destination() =>
        Gen.Select(AnyTestimony, AnyTestimony).Sample((source, destination) =>
            Decide(source, destination) is not Verdict.StayedOnSource || (IsActive(source) && !IsActive(destination)));

    private static bool HasJob(Testimony testimony, GuestJob job) => testimony is Testimony.Present { State.Job: var has } && has == job;

    private static bool IsActive(Testimony testimony) =>
        testimony is Testimony.Present { State.Power: GuestPower.Running or GuestPower.Paused or GuestPower.Other };

    private static readonly Gen<Testimony> AnyTestimony = Gen.OneOf(
        Gen.Const(Silent),
        Gen.Const(Away),
        Gen.Const(Absent),
        Gen.Select(Gen.Enum<GuestPower>(), Gen.Enum<PowerReason>(), Gen.Enum<GuestJob>(), Gen.Int[0, 2]).Select((power, reason, job, mark) => See(power, reason, job, mark == 0 ? null : mark)));
}
