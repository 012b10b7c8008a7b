using Drover.Coordinator.Hosts;
using Drover.Coordinator.Migrations;
using MassTransit;

namespace Drover.Coordinator.Tests;

public class When_the_machine_s_table_is_read
{
    private static readonly MigrationStateMachine Migration = new();

    public static TheoryData<string> EveryState => [.. Migration.States.Where(state => state != Migration.Final).Select(state => state.Name)];

    [Theory]
    [MemberData(nameof(EveryState))]
    public void Each_state_knows_every_message(string state)
    {
        var known = Migration.NextEvents(Migration.GetState(state)).Select(e => e.Name).ToHashSet();
        var missing = Migration.Events.Select(e => e.Name).Where(name => name.Length > 0 && !name.Contains('.', StringComparison.Ordinal) && !known.Contains(name)).ToList();

        // Before the first request there is no row, and everything but a request is discarded by OnMissingInstance.
        Assert.Equal(state == "Initial" ? Migration.Events.Select(e => e.Name).Where(name => name != "MoveRequested" && missing.Contains(name)).ToList() : [], missing);
    }

    [Fact]
    public void An_end_is_the_end()
    {
        var ends = new[] { "Completed", "Cancelled", "Failed" };
        Assert.DoesNotContain(Diagram.Edges(Migration), edge => ends.Contains(edge.From) && edge.From != edge.To);
    }

    [Fact]
    public void Once_memory_moves_every_way_out_leads_over_evidence()
    {
        var ends = new[] { "Completed", "Cancelled", "Failed" };
        var ways = Diagram.Edges(Migration).Where(edge => edge.From is "PreCopying" or "Cancelling" or "Unsure" && ends.Contains(edge.To));
        // Checked: an attestation or a statement that nobody contradicts stands for an answer that does not come; it is weighed by the same table.
        Assert.All(ways, way => Assert.Contains(way.Event, new[] { "Sighted", "Checked" }));
    }

    [Fact]
    public void The_README_shows_the_table_as_it_is()
    {
        var readme = Repository.File("README.md");
        var text = File.ReadAllText(readme);
        foreach (var (name, diagram) in new[] { ("migration", Diagram.Mermaid(Migration)), ("host", Diagram.Mermaid(new HostStateMachine())) })
        {
            var (begin, end) = ($"<!-- {name} diagram: generated -->", $"<!-- end of {name} diagram -->");
            var from = text.IndexOf(begin, StringComparison.Ordinal);
            var to = text.IndexOf(end, StringComparison.Ordinal);
            Assert.True(from >= 0 && to > from, $"README.md lacks the marks \"{begin}\" and \"{end}\"");
            var expected = $"{begin}\n```mermaid\n{diagram}```\n";
            if (text[from..to] == expected)
                continue;
            if (Environment.GetEnvironmentVariable("DROVER_ACCEPT") == "1")
                File.WriteAllText(readme, text = text[..from] + expected + text[to..]);
            else
                Assert.Fail($"README.md's {name} diagram differs from the machine: run the tests once with DROVER_ACCEPT=1 and look at the difference.");
        }
    }
}
