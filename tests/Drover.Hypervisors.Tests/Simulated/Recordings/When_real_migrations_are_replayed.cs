using System.Globalization;

namespace Drover.Hypervisors.Tests.Simulated.Recordings;

/// <summary>The simulated hypervisor against recorded passes of real migrations.</summary>
public sealed class When_real_migrations_are_replayed
{
    /// <summary>
    /// Not met: the pause of two idle guests at once. Recorded again and again they differ from each other by more than the bound, because the streams take the
    /// link from one another in bursts (docs/simulated-hypervisor.md). It is held to the width of that.
    /// </summary>
    private const string ScattersItself = "two-idle";

    public static IEnumerable<TheoryDataRow<string>> Names => Recording.Names.Select(name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Time_passes_and_pause_are_near_the_real_ones(string name)
    {
        var recording = Recording.Read(name);
        foreach (var (real, simulated) in recording.Transfers.Zip(await Replay.RunAsync(recording)))
        {
            TestContext.Current.TestOutputHelper!.WriteLine(Row(recording, real, simulated));
            Assert.Equal(real.ExitCode == 0, simulated.TotalMs is not null);
            // A count is whole: of four passes 15 % is none, and the same migration recorded twice differs by one.
            var passes = Math.Max(real.Passes.Count * 0.15, 1);
            Assert.InRange(simulated.Passes, real.Passes.Count - passes, real.Passes.Count + passes);
            if (simulated is not { TotalMs: { } total, PauseMs: { } pause })
                continue;
            Assert.InRange(total, real.TotalMs * 0.85, real.TotalMs * 1.15);
            var near = Math.Max(real.PauseMs * (name == ScattersItself ? 0.25 : 0.15), 20);
            Assert.InRange(pause, real.PauseMs - near, real.PauseMs + near);
        }
    }

    /// <summary>docs/simulated-hypervisor.md shows how near: what it shows is what was computed.</summary>
    [Fact]
    public async Task The_documentation_shows_this_table()
    {
        List<string> rows = ["| recording | seconds | simulated | passes | simulated | pause, ms | simulated |", "|---|---|---|---|---|---|---|"];
        foreach (var recording in Recording.Names.Select(Recording.Read))
            rows.AddRange(recording.Transfers.Zip(await Replay.RunAsync(recording), (real, simulated) => Row(recording, real, simulated)));
        var table = string.Join('\n', rows);
        var shown = await File.ReadAllTextAsync(Path.Combine(Root(), "docs", "simulated-hypervisor.md"), TestContext.Current.CancellationToken);
        Assert.True(shown.Contains(table, StringComparison.Ordinal), $"The table in docs/simulated-hypervisor.md should be:\n{table}");
    }

    private static string Row(Recording recording, RecordedTransfer real, Outcome simulated)
    {
        var moved = real.ExitCode == 0;
        return string.Create(CultureInfo.InvariantCulture,
            $"| `{recording.Name}` | {(moved ? real.TotalMs / 1000 : null):0.0} | {simulated.TotalMs / 1000:0.0} | {real.Passes.Count} | {simulated.Passes} | {(moved ? real.PauseMs : null):0} | {simulated.PauseMs:0} |");
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Workers.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException($"no Workers.sln above {AppContext.BaseDirectory}");
        return folder.FullName;
    }
}
