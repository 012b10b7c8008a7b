using Drover.Testing;

namespace Drover.Tests.Roles;

/// <summary>One role as the real program, with what systemd would hear of it.</summary>
internal sealed class RoleProcess : IAsyncDisposable
{
    private readonly DroverProcess process;

    private RoleProcess(string role, IEnumerable<(string Name, string Value)> settings) =>
        process = DroverProcess.Begin(DroverProcess.Today, [role], [.. settings, ("NOTIFY_SOCKET", Systemd.Path), ("WATCHDOG_USEC", "600000")]);

    public NotifySocket Systemd { get; } = new();

    public IReadOnlyCollection<string> Lines => process.Lines;

    public int Id => process.Id;

    public TimeSpan Cpu => process.Cpu;

    public long Memory => process.Memory;

    public static RoleProcess Start(string role, params IEnumerable<(string Name, string Value)> settings) => new(role, settings);

    /// <summary>Waits until its start is through, and it says that it is ready.</summary>
    public Task IsReady() => Says(status => status == "ready", "ready");

    /// <summary>Waits until it says that it is not ready, and why.</summary>
    public Task IsNotReady(string because) => Says(status => status.StartsWith("not ready: ", StringComparison.Ordinal) && status.Contains(because, StringComparison.Ordinal), $"not ready: ...{because}...");

    /// <summary>Waits for a line of its log.</summary>
    public Task Logs(string text) => Until(() => Lines.Any(line => line.Contains(text, StringComparison.Ordinal)), $"a line with \"{text}\"");

    /// <summary>Ends it as a service manager does, without a fault; says how long it took.</summary>
    public async Task<TimeSpan> Stop()
    {
        var (code, took) = await process.Stop();
        Assert.True(code == 0, $"exit code {code}\n{process.Tail}");
        return took;
    }

    public Task Signal(string signal) => process.Signal(signal);

    public async ValueTask DisposeAsync()
    {
        await process.DisposeAsync();
        await Systemd.DisposeAsync();
    }

    private Task Says(Func<string, bool> status, string what) => Until(() => Systemd.Said.Contains("READY=1") && status(Systemd.Status), what);

    private async Task Until(Func<bool> holds, string what)
    {
        try
        {
            await Eventually.Is(true, () => process.HasExited ? throw new InvalidOperationException($"It ended while waited for {what}.") : Task.FromResult(holds()), patience: DroverProcess.Patience);
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException)
        {
            Assert.Fail($"Waited in vain for {what}; its status is \"{Systemd.Status}\". {error.Message}\n{process.Tail}");
        }
    }
}
