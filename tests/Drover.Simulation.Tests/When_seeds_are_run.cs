using Drover.Testing;

namespace Drover.Simulation.Tests;

public class When_seeds_are_run
{
    [Fact]
    public void No_seed_violates_an_invariant()
    {
        var shown = Seeds.Replayed is { } seed ? Simulation.Run(seed) : Seeds.FirstViolation(Seeds.Count);

        if (shown is null)
            return;
        var trace = Path.Combine(Repository.Root, "artifacts", "test-results", $"seed-{shown.Seed}.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(trace)!);
        File.WriteAllText(trace, shown.Trace);
        Assert.True(shown.Violation is null, $"seed {shown.Seed}: {shown.Violation}\nits trace: {trace}\nreplay it with: {Seeds.Replay(shown.Seed)}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(42)]
    [InlineData(1001)]
    public void The_same_seed_gives_the_same_trace_byte_for_byte(int seed) =>
        Assert.Equal(Simulation.Run(seed).Trace, Simulation.Run(seed).Trace);

    [Fact]
    public void The_broker_is_away_for_an_hour()
    {
        for (var seed = 1; seed <= 4; seed++)
        {
            var result = Simulation.Run(seed, Profile.BrokerAway);

            Assert.True(result.Violation is null, $"seed {seed}: {result.Violation}");
            Assert.True(result.Took > TimeSpan.FromHours(1));
            Assert.Matches("broker .*is away", result.Trace);
            Assert.Matches("broker .*is back", result.Trace);
        }
    }

    [Fact]
    public void Another_seed_gives_another_trace() =>
        Assert.NotEqual(Simulation.Run(1).TraceHash, Simulation.Run(2).TraceHash);

    [Fact]
    public void Migrations_really_happen_and_end_in_every_way()
    {
        string[] ways =
        [
            "migration.completed", "migration.cancelled", "migration.failed", "migration.unsure", "migration.struggling", "migration.escalated", "ForceTransfer", "ReachNotBefore",
            "agent is killed before", "agent is killed after", "before the commit", "after the commit", "has had", "OrderReturned", "with virsh", "loses its power",
            "host.confirmed-down", "is restored", "guest.moved", "is stopped in the middle", "goes on and loses", "before it is to begin",
        ];
        var unseen = ways.ToHashSet();
        for (var seed = 1; unseen.Count > 0 && seed <= 150; seed++)
        {
            var trace = Simulation.Run(seed).Trace;
            unseen.RemoveWhere(way => trace.Contains(way, StringComparison.Ordinal));
        }

        Assert.Empty(unseen);
    }
}
