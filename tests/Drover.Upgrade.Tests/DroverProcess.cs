using System.Diagnostics;
using System.Text;

namespace Drover.Upgrade.Tests;

/// <summary>A version of the program as a process of its own, with its settings in its environment.</summary>
internal sealed class DroverProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DroverProcess(string program, string arguments, IEnumerable<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
            start.Environment[$"DROVER_{name}"] = value;
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.Exited += (_, _) => _started.TrySetException(new InvalidOperationException($"drover {arguments} ended:\n{Output}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Today's program, as it was built.</summary>
    public static string Today => Path.Combine(AppContext.BaseDirectory, "drover");

    /// <summary>What it has said so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Runs a command to its end; throws with its output if it failed.</summary>
    public static async Task Run(string program, string arguments, params (string Name, string Value)[] settings)
    {
        await using var run = new DroverProcess(program, arguments, settings);
        await run._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if (run._process.ExitCode != 0)
            throw new InvalidOperationException($"drover {arguments} ended with {run._process.ExitCode}:\n{run.Output}");
    }

    /// <summary>Starts a role and waits until it has started.</summary>
    public static async Task<DroverProcess> Start(string program, string role, params (string Name, string Value)[] settings)
    {
        var process = new DroverProcess(program, role, settings);
        await process._started.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        return process;
    }

    /// <summary>Stops it in an orderly way, as a deploy does; nothing when it has ended.</summary>
    public async Task Stop()
    {
        if (_process.HasExited)
            return;
        using var kill = Process.Start("kill", $"-TERM {_process.Id}");
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(15));
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
        if (line.EndsWith(" started", StringComparison.Ordinal))
            _started.TrySetResult();
    }
}
