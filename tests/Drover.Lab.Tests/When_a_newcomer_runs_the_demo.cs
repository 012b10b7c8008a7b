namespace Drover.Lab.Tests;

[Collection("lab")]
public class When_a_newcomer_runs_the_demo
{
    [Fact]
    public async Task Everything_that_it_claims_holds()
    {
        var folder = $"/var/tmp/drover-demo-{Environment.ProcessId}-{Guid.NewGuid():N}"[..40];
        var environment = new Dictionary<string, string> { ["DROVER_LAB"] = folder, ["DROVER_BINARY"] = RunningLab.Program };
        var (code, said) = await Shell.Try(Repository.File("infra", "lab", "demo"), [], environment, TimeSpan.FromMinutes(8));
        Assert.True(code == 0, said);
        Assert.Contains("all of it held", said, StringComparison.Ordinal);
        Assert.DoesNotContain("WRONG", said, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder), "the demo left its folder behind");
    }
}
