using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Drover.Testing;

/// <summary>The program as a process of its own: with the settings that it is given and none of the tests' own, and ended with its test.</summary>
public sealed class DroverProcess : IAsyncDisposable
{
    /// <summary>Longest wait for anything that must happen. Long, because a busy machine is no fault.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = [];
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<DroverProcess, string?> _heard;

    private DroverProcess(string program, IReadOnlyCollection<string> arguments, IEnumerable<(string Name, string Value)> settings, Action<DroverProcess, string?>? heard)
    {
        _heard = heard ?? ((_, _) => { });
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var setting in start.Environment.Keys.Where(name => name.StartsWith("DROVER_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(setting);      // the lab's, where the tests run in its shell
        start.Environment["MASSTRANSIT_USAGE_TELEMETRY"] = "false";
        foreach (var (name, value) in settings)
            start.Environment[name.Any(char.IsLower) ? $"DROVER_{name.Replace(":", "__", StringComparison.Ordinal)}" : name] = value;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        _process.Exited += (_, _) => _started.TrySetException(new InvalidOperationException($"drover {string.Join(' ', arguments)} has ended:\n{Tail}"));
        _ = _started.Task.ContinueWith(ended => ended.Exception, TaskScheduler.Default);     // not everybody waits for it
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Today's program, built together with the tests.</summary>
    public static string Today { get; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "Drover", new DirectoryInfo(AppContext.BaseDirectory).Name, "drover"));

    /// <summary>Everything that it has written.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>The end of that.</summary>
    public string Tail => string.Join('\n', _lines.TakeLast(60));

    /// <summary>Its process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The processor time that it has had.</summary>
    public TimeSpan Cpu => Now().TotalProcessorTime;

    /// <summary>Memory that it occupies, in bytes.</summary>
    public long Memory => Now().WorkingSet64;

    /// <summary>Starts it.</summary>
    /// <param name="program">Which version.</param>
    /// <param name="arguments">What stands on its command line.</param>
    /// <param name="settings">Drover's settings ("Bus:Url"); names all in capitals are variables of the environment as they stand.</param>
    /// <param name="heard">Told of each line, and of null when there will be no more; perhaps before this returns.</param>
    public static DroverProcess Begin(string program, IReadOnlyCollection<string> arguments, IEnumerable<(string Name, string Value)> settings, Action<DroverProcess, string?>? heard = null) => new(program, arguments, settings, heard);

    /// <summary>Starts a role and waits until it has started.</summary>
    public static async Task<DroverProcess> Start(string program, string role, params IEnumerable<(string Name, string Value)> settings)
    {
        var process = new DroverProcess(program, [role], settings, null);
        await process._started.Task.WaitAsync(Patience);
        return process;
    }

    /// <summary>Runs a command to its end; throws with what it said if it failed.</summary>
    public static async Task Run(string program, string command, params IEnumerable<(string Name, string Value)> settings)
    {
        await using var run = new DroverProcess(program, command.Split(' '), settings, null);
        if (await run.Ends() is not 0 and var code)
            throw new InvalidOperationException($"drover {command} has ended with {code}:\n{run.Tail}");
    }

    /// <summary>Waits for its end; gives its exit code.</summary>
    public async Task<int> Ends()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <summary>Ends it as a service manager does; says how long it took.</summary>
    public async Task<(int Code, TimeSpan Took)> Stop()
    {
        var took = Stopwatch.StartNew();
        await Signal("TERM");
        return (await Ends(), took.Elapsed);
    }

    /// <summary>Ends it with SIGKILL, now; waits for nothing.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Sends it a signal.</summary>
    public async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private Process Now()
    {
        _process.Refresh();
        return _process;
    }

    private void Take(string? line)
    {
        if (line is not null)
            _lines.Enqueue(line);
        if (line?.EndsWith(" started", StringComparison.Ordinal) == true)
            _started.TrySetResult();
        _heard(this, line);
    }
}
