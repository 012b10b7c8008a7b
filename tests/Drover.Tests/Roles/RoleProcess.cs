using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Drover.Testing;

namespace Drover.Tests.Roles;

/// <summary>One role as the real program, a child of the test, with what systemd would hear of it.</summary>
internal sealed class RoleProcess : IAsyncDisposable
{
    /// <summary>Long, because a busy machine is no fault.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = [];

    private RoleProcess(string role, IEnumerable<(string Name, string Value)> settings)
    {
        var start = new ProcessStartInfo(Program, role.Split(' ')) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var setting in start.Environment.Keys.Where(name => name.StartsWith("DROVER_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(setting);
        foreach (var (name, value) in settings)
            start.Environment[$"DROVER_{name.Replace(":", "__", StringComparison.Ordinal)}"] = value;
        start.Environment["MASSTRANSIT_USAGE_TELEMETRY"] = "false";
        start.Environment["NOTIFY_SOCKET"] = Systemd.Path;
        start.Environment["WATCHDOG_USEC"] = "600000";
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public NotifySocket Systemd { get; } = new();

    /// <summary>Everything that it has written.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    public int Id => process.Id;

    /// <summary>The program, built together with these tests.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory.Replace("Drover.Tests", "Drover", StringComparison.Ordinal), "drover");

    /// <summary>The processor time that it has had.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Memory that it occupies, in bytes.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    public static RoleProcess Start(string role, params IEnumerable<(string Name, string Value)> settings) => new(role, settings);

    /// <summary>Waits until its start is through, and it says that it is ready.</summary>
    public Task IsReady() => Says(status => status == "ready", "ready");

    /// <summary>Waits until it says that it is not ready, and why.</summary>
    public Task IsNotReady(string because) => Says(status => status.StartsWith("not ready: ", StringComparison.Ordinal) && status.Contains(because, StringComparison.Ordinal), $"not ready: ...{because}...");

    /// <summary>Waits for a line of its log.</summary>
    public Task Logs(string text) => Until(() => lines.Any(line => line.Contains(text, StringComparison.Ordinal)), $"a line with \"{text}\"");

    /// <summary>Ends it as a service manager does, and says how long it took.</summary>
    public async Task<TimeSpan> Stop()
    {
        var took = Stopwatch.StartNew();
        await Signal("TERM");
        await Ends();
        return took.Elapsed;
    }

    /// <summary>Waits for its end, without a fault.</summary>
    public async Task Ends()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, $"exit code {process.ExitCode}\n{Tail}");
    }

    public async Task Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        await Systemd.DisposeAsync();
    }

    private Task Says(Func<string, bool> status, string what) => Until(() => Systemd.Said.Contains("READY=1") && status(Systemd.Status), what);

    private async Task Until(Func<bool> holds, string what)
    {
        try
        {
            await Eventually.Is(true, () => process.HasExited ? throw new InvalidOperationException($"It ended while waited for {what}.") : Task.FromResult(holds()), patience: Patience);
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException)
        {
            Assert.Fail($"Waited in vain for {what}; its status is \"{Systemd.Status}\". {error.Message}\n{Tail}");
        }
    }

    private string Tail => string.Join('\n', lines.TakeLast(50));

    private void Take(string? line)
    {
        if (line is not null)
            lines.Enqueue(line);
    }
}
