namespace Drover.Lab.Tests;

/// <summary>One lab for both: its hosts come up once, and what the second one needs beside them is added.</summary>
public sealed class When_a_newcomer_runs_the_demo : IAsyncDisposable
{
    private readonly string folder = $"/var/tmp/drover-demo-{Environment.ProcessId}-{Guid.NewGuid():N}"[..40];

    [Fact]
    public async Task Everything_that_it_claims_holds_embedded_and_with_a_broker()
    {
        await Demo("--embedded", "--keep");
        Assert.Matches(@"\Astandalone \d+\s*\z", (await Lab("role", "list")).Said);
        Assert.False(Directory.Exists($"{folder}/rabbitmq") || Directory.Exists($"{folder}/postgres"), "the embedded one has started servers");

        await Demo();
        Assert.False(Directory.Exists(folder), "the demo left its folder behind");
    }

    /// <summary>Harmless when the demo has done it.</summary>
    public async ValueTask DisposeAsync() => await Lab("down");

    private async Task Demo(params string[] arguments)
    {
        var (code, said) = await Lab("demo", arguments);
        Assert.True(code == 0, said);
        Assert.Contains("all of it held", said, StringComparison.Ordinal);
        Assert.DoesNotContain("WRONG", said, StringComparison.Ordinal);
    }

    private Task<(int Code, string Said)> Lab(string script, params string[] arguments) => Shell.Try(
        Repository.File("infra", "lab", script),
        arguments,
        new Dictionary<string, string> { ["DROVER_LAB"] = folder, ["DROVER_BINARY"] = RunningLab.Program },
        TimeSpan.FromMinutes(8));
}
