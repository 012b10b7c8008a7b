using System.Diagnostics;
using System.Globalization;
using Drover.Libvirt;
using Npgsql;

namespace Drover.Benchmarks.Lab;

/// <summary>A lab of two hosts for these benchmarks only, with Drover running in it: see infra/lab.</summary>
internal sealed class BenchmarkLab : IAsyncDisposable
{
    public const string A = "host-a";
    public const string B = "host-b";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"drover-benchmarks-{Environment.ProcessId}");
    private readonly Dictionary<string, string> _environment = [];

    private BenchmarkLab() => _environment["DROVER_LAB"] = _folder;

    public Uri Broker => new(_environment["DROVER_AMQP_URL"]);

    public static async Task<BenchmarkLab> Up(CancellationToken cancellationToken)
    {
        var lab = new BenchmarkLab();
        try
        {
            await lab.Script("up", ["--hosts", "2"], cancellationToken);
            lab.ReadSettings();
            lab._environment["DROVER_BINARY"] = DroverProgram.Path;
            lab._environment["DROVER_Store__ConnectionString"] = lab._environment["DROVER_POSTGRES"];
            await Shell.Run(lab._environment, DroverProgram.Path, ["schema", "apply"], cancellationToken);
            await lab.Script("role", ["start", "coordinator", $"agent-{A}", $"agent-{B}"], cancellationToken);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one of the lab's scripts and returns what it printed.</summary>
    public Task<string> Script(string script, string[] arguments, CancellationToken cancellationToken) =>
        Shell.Run(_environment, Repository.File("infra", "lab", script), arguments, cancellationToken);

    /// <summary>Boots a guest on host A, and returns when Drover knows it.</summary>
    public async Task Boot(string guest, string[] size, CancellationToken cancellationToken)
    {
        await Script("guest", ["create", guest, "--host", A, .. size], cancellationToken);
        var booted = Stopwatch.GetTimestamp();
        await using var database = NpgsqlDataSource.Create(_environment["DROVER_POSTGRES"]);
        await using var query = database.CreateCommand("SELECT count(*) FROM guest WHERE name = $1");
        query.Parameters.AddWithValue(guest);
        await Testing.Eventually.Is<object?>(1L, () => query.ExecuteScalarAsync(cancellationToken), patience: TimeSpan.FromSeconds(90));
        Console.Error.WriteLine($"{guest} has booted, and is known to Drover after another {Stopwatch.GetElapsedTime(booted).TotalMilliseconds:0} ms");
    }

    /// <summary>A host's libvirt as it is reached from outside of the host.</summary>
    public string Libvirt(string host) => $"qemu+tcp://{Address(host)}/system";

    public HostConnection Connect(string host) => HostConnection.Open(Libvirt(host), TimeSpan.FromSeconds(5), 5);

    /// <summary>What libvirt's own command does when it is asked for the same move: the same flags, the same addresses.</summary>
    public Task Virsh(string guest, string source, string destination, CancellationToken cancellationToken) => Shell.Run(_environment, "virsh",
        [
            "--quiet", "--connect", Libvirt(source), "migrate", "--live", "--p2p", "--persistent", "--undefinesource", "--abort-on-error",
            guest, Libvirt(destination), "--migrateuri", $"tcp://{Address(destination)}",
        ], cancellationToken);

    /// <summary>Runs a move and returns the longest pause that the guest saw meanwhile, in milliseconds; throws when its ticks are broken.</summary>
    public async Task<double> PauseWhile(string guest, Func<Task> move, CancellationToken cancellationToken)
    {
        var mark = (await Script("ticks", [guest, "--mark"], cancellationToken)).Trim();
        await move();
        string facts;
        try
        {
            facts = await Script("ticks", [guest, "--since", mark, "--settle"], cancellationToken);
        }
        catch (InvalidOperationException)
        {
            Console.Error.WriteLine(await Evidence(guest));     // the lab will be gone
            throw;
        }
        return double.Parse(facts.Split('\n').Single(line => line.StartsWith("largest-pause-ms ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync() => await Script("down", [], CancellationToken.None);

    /// <summary>Where a guest is that does not do as it should, its console's end, and what its agents and QEMUs said.</summary>
    private async Task<string> Evidence(string guest)
    {
        string[] logs =
        [
            Path.Combine(_folder, "serial", guest), .. new[] { A, B }.SelectMany(host => new[]
            {
                Path.Combine(_folder, "roles", $"agent-{host}.log"), Path.Combine(_folder, host, "var", "log", "libvirt", "qemu", $"{guest}.log"),
            }),
        ];
        return await Script("guest", ["list"], CancellationToken.None)
            + string.Join('\n', logs.Where(File.Exists).SelectMany(log => File.ReadLines(log).TakeLast(12).Prepend($"== {log}")));
    }

    private string Address(string host) => _environment["DROVER_HOST_ADDRESSES"].Split(' ').Single(pair => pair.StartsWith(host + '=', StringComparison.Ordinal)).Split('=')[1];

    private void ReadSettings()
    {
        foreach (var line in File.ReadLines(Path.Combine(_folder, "env")).Where(line => line.StartsWith("export ", StringComparison.Ordinal)))
        {
            var parts = line["export ".Length..].Split('=', 2);
            _environment[parts[0]] = parts[1].Trim('"');
        }
    }
}
