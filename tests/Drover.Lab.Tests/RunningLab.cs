// A lab has as few cores as its machine: its tests run one after another.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace Drover.Lab.Tests;

/// <summary>The one lab of all tests that bring their own guests.</summary>
[CollectionDefinition("running lab")]
public sealed class RunningLabCollection : ICollectionFixture<RunningLab>;

/// <summary>A lab of its own with two hosts and all of Drover's roles; gone at the end.</summary>
public sealed class RunningLab : IAsyncLifetime
{
    private static readonly TimeSpan UpTime = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan ChaosTime = TimeSpan.FromMinutes(10);
    private readonly Dictionary<string, string> environment = [];

    /// <summary>The folder that is the lab.</summary>
    public string Folder { get; } = $"/var/tmp/drover-test-{Environment.ProcessId}-{Guid.NewGuid():N}"[..40];

    /// <summary>The program under test, built beside the tests in the same configuration.</summary>
    public static string Program { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../Drover", new DirectoryInfo(AppContext.BaseDirectory).Name, "drover"));

    /// <summary>The outside observer, built beside the tests too.</summary>
    private static string Observer { get; } = Program.Replace("/Drover/", "/Drover.Observer/", StringComparison.Ordinal).Replace("/drover", "/Drover.Observer", StringComparison.Ordinal);

    public string Setting(string name) => environment[name];

    public async ValueTask InitializeAsync()
    {
        environment["DROVER_LAB"] = Folder;
        environment["DROVER_BINARY"] = Program;
        await Lab("up", "--hosts", "2");
        foreach (var line in (await Shell.Run("bash", ["-c", $"set -a; source {Folder}/env; env"], environment, UpTime)).Split('\n'))
        {
            if (line.StartsWith("DROVER_", StringComparison.Ordinal) && line.Split('=', 2) is [var name, var value])
                environment[name] = value;
        }

        await Shell.Run(Program, ["schema", "apply"], new Dictionary<string, string> { ["DROVER_Store__ConnectionString"] = Setting("DROVER_POSTGRES") }, UpTime);
        await Lab("role", "start", "coordinator", "api", "agent-host-a", "agent-host-b");
    }

    /// <summary>Runs one of the lab's scripts.</summary>
    public Task<string> Lab(string script, params string[] arguments) => Shell.Run(Repository.File("infra", "lab", script), arguments, environment, UpTime);

    /// <summary>Runs cells of the crash matrix in this lab.</summary>
    public Task<(int Code, string Said)> Chaos(params string[] cells) => Shell.Try(
        Repository.File("tests", "chaos", "run"), ["--cells", string.Join(',', cells)], new Dictionary<string, string>(environment) { ["DROVER_OBSERVER"] = Observer }, ChaosTime);

    /// <summary>Runs a client command of the program.</summary>
    public Task<string> Drover(params string[] arguments) =>
        Shell.Run(Program, arguments, new Dictionary<string, string> { ["DROVER_SERVER"] = Setting("DROVER_API_URL") }, UpTime);

    public async ValueTask DisposeAsync() => await Lab("down");
}
