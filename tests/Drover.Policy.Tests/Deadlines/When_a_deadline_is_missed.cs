using Drover.Policy.Deadlines;

namespace Drover.Policy.Tests.Deadlines;

public class When_a_deadline_is_missed
{
    public static TheoryData<Wish, Standing, Type> Acts => new()
    {
        { Wish.Report, Standing.BeforeItsTime, typeof(DeadlineAct.Struggle) },
        { Wish.Report, Standing.Queued, typeof(DeadlineAct.Struggle) },
        { Wish.Report, Standing.Preparing, typeof(DeadlineAct.Struggle) },
        { Wish.Report, Standing.Moving, typeof(DeadlineAct.Struggle) },
        { Wish.Report, Standing.Unsure, typeof(DeadlineAct.Struggle) },
        { Wish.Cancel, Standing.BeforeItsTime, typeof(DeadlineAct.Cancel) },
        { Wish.Cancel, Standing.Queued, typeof(DeadlineAct.Cancel) },
        { Wish.Cancel, Standing.Preparing, typeof(DeadlineAct.Cancel) },
        { Wish.Cancel, Standing.Moving, typeof(DeadlineAct.Cancel) },
        { Wish.Cancel, Standing.Unsure, typeof(DeadlineAct.Cancel) },
        { Wish.Force, Standing.BeforeItsTime, typeof(DeadlineAct.Hurry) },
        { Wish.Force, Standing.Queued, typeof(DeadlineAct.Hurry) },
        { Wish.Force, Standing.Preparing, typeof(DeadlineAct.ForceOnceItMoves) },
        { Wish.Force, Standing.Moving, typeof(DeadlineAct.Force) },
        { Wish.Force, Standing.Unsure, typeof(DeadlineAct.Force) },
    };

    [Theory]
    [MemberData(nameof(Acts))]
    public void The_requests_own_wish_acts_where_the_migration_stands(Wish wish, Standing standing, Type act)
    {
        var decided = MissedDeadline.Decide(wish, standing, "in:host-b 2/2", priority: 5);
        Assert.IsType(act, decided);
        Assert.StartsWith("deadline missed: ", decided.Reason, StringComparison.Ordinal);
        Assert.Contains("(in:host-b 2/2)", decided.Reason, StringComparison.Ordinal);
        Assert.True(decided is not DeadlineAct.Struggle { WouldHelp: "" });
    }

    [Fact]
    public void What_is_in_the_greatest_hurry_already_is_not_said_to_be_raised() =>
        Assert.Contains("its priority is 9 already", MissedDeadline.Decide(Wish.Force, Standing.Queued, null, priority: 9).Reason, StringComparison.Ordinal);
}
