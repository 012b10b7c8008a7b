namespace Drover.Lab.Tests;

/// <summary>Four cells of the crash matrix; the others take too long for every day (docs/reliability.md).</summary>
[Collection("running lab")]
public class When_things_are_killed(RunningLab lab)
{
    [Fact]
    public async Task The_matrix_cells_hold_and_the_observer_sees_nothing_wrong()
    {
        var (code, said) = await lab.Chaos("source-agent-killed-in-pre-copy", "coordinator-killed-in-pre-copy", "source-libvirtd-killed-in-pre-copy", "rabbitmq-killed-in-pre-copy");
        Assert.True(code == 0 && said.Contains("4 cells held, 0 did not", StringComparison.Ordinal), said);
        await lab.Lab("guest", "remove", "web");
    }
}
