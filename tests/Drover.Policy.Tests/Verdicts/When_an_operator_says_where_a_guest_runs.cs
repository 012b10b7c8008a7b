using Drover.Policy.Model;
using Drover.Policy.Verdicts;

namespace Drover.Policy.Tests.Verdicts;

public class When_an_operator_says_where_a_guest_runs
{
    private static readonly Guid Web = Guid.Parse("5a1c3f0e-8d5b-4a57-9f6d-2b7f3f8f9a01");
    private static readonly Testimony Silent = new Testimony.Silent();
    private static readonly Testimony Absent = new Testimony.Absent();

    private static Testimony See(GuestPower power, GuestJob job = GuestJob.None) => new Testimony.Present(new GuestState { Power = power, Reason = PowerReason.Other, Job = job });

    private static Statement Read(string words) => Statement.Read(words) ?? throw new InvalidOperationException($"\"{words}\" was not understood");

    [Theory]
    [InlineData("web runs on host-b", "web", "host-b")]
    [InlineData("  web runs on host-b. ", "web", "host-b")]
    [InlineData("my runs on guest runs on host-b", "my runs on guest", "host-b")]
    [InlineData("web runs nowhere", "web", null)]
    public void The_two_sentences_are_read(string words, string guest, string? host) => Assert.Equal(new Statement(guest, host), Statement.Read(words));

    [Theory]
    [InlineData("")]
    [InlineData("yes")]
    [InlineData("I understand")]
    [InlineData("web runs on")]
    [InlineData("web runs on host b")]
    [InlineData(" runs on host-b")]
    [InlineData(" runs nowhere")]
    public void Other_words_are_no_statement(string words) => Assert.Null(Statement.Read(words));

    [Theory]
    [InlineData(Outcome.Completed, "web runs on host-b", true)]
    [InlineData(Outcome.Completed, "web runs on host-a", false)]
    [InlineData(Outcome.Completed, "web runs nowhere", false)]
    [InlineData(Outcome.Completed, "db runs on host-b", false)]
    [InlineData(Outcome.Completed, "5a1c3f0e-8d5b-4a57-9f6d-2b7f3f8f9a01 runs on host-b", true)]
    [InlineData(Outcome.Cancelled, "web runs on host-a", true)]
    [InlineData(Outcome.Cancelled, "web runs on host-b", false)]
    [InlineData(Outcome.Failed, "web runs on host-a", true)]
    [InlineData(Outcome.Failed, "web runs on host-c", true)]
    [InlineData(Outcome.Failed, "web runs nowhere", true)]
    [InlineData(Outcome.Failed, "web runs on host-b", false)]
    public void The_words_must_fit_the_guest_and_the_outcome(Outcome outcome, string words, bool fit) =>
        Assert.Equal(fit, Read(words).Misfit(outcome, "web", Web, "host-a", "host-b") is null);

    [Fact]
    public void A_host_that_is_silent_contradicts_nothing()
    {
        Assert.Null(Read("web runs on host-b").Contradiction("host-a", Silent, "host-b", See(GuestPower.Running)));
        Assert.Null(Read("web runs on host-b").Contradiction("host-a", Silent, "host-b", Silent));
        Assert.Null(Read("web runs on host-b").Contradiction("host-a", new Testimony.LibvirtAway("refused"), "host-b", Silent));
    }

    [Fact]
    public void A_leftover_that_is_paused_or_off_contradicts_nothing()
    {
        Assert.Null(Read("web runs on host-b").Contradiction("host-a", See(GuestPower.Paused), "host-b", See(GuestPower.Running)));
        Assert.Null(Read("web runs on host-a").Contradiction("host-a", See(GuestPower.Paused), "host-b", See(GuestPower.ShutOff)));
    }

    [Fact]
    public void A_host_that_answers_otherwise_contradicts_it()
    {
        Assert.Contains("host-a says that the guest runs there", Read("web runs on host-b").Contradiction("host-a", See(GuestPower.Running), "host-b", Silent)!, StringComparison.Ordinal);
        Assert.Contains("does not have the guest", Read("web runs on host-b").Contradiction("host-a", Silent, "host-b", Absent)!, StringComparison.Ordinal);
        Assert.Contains("off there", Read("web runs on host-b").Contradiction("host-a", Silent, "host-b", See(GuestPower.ShutOff))!, StringComparison.Ordinal);
        Assert.Contains("paused", Read("web runs nowhere").Contradiction("host-a", See(GuestPower.Paused), "host-b", Absent)!, StringComparison.Ordinal);
        Assert.Contains("being moved", Read("web runs on host-a").Contradiction("host-a", See(GuestPower.Running, GuestJob.MigrationOut), "host-b", Silent)!, StringComparison.Ordinal);
        Assert.Contains("confirmed down", Read("web runs on host-b").Contradiction("host-a", Silent, "host-b", new Testimony.ConfirmedDown("by anna"))!, StringComparison.Ordinal);
    }
}
