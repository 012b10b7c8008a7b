using System.Diagnostics;
using System.Text.Json;

namespace Drover.Benchmarks.Stores;

/// <summary>A <see cref="LoadProgram"/> that was started, and how it is told what to do.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private readonly Process _process;

    private LoadProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Returns when all guests are known and may move.</summary>
    public static async Task<LoadProcess> Start(string[] arguments, CancellationToken cancellationToken)
    {
        var start = Shell.Describe(Environment.ProcessPath!, [LoadProgram.Name, .. arguments], new Dictionary<string, string>());
        start.RedirectStandardInput = true;
        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginErrorReadLine();
        var load = new LoadProcess(process);
        await load.Answer(cancellationToken);
        return load;
    }

    public Task<LoadReport> Begin(int guests, CancellationToken cancellationToken) => Tell($"begin {guests}", cancellationToken);

    /// <summary>Returns when so many more lifecycles have ended.</summary>
    public Task<LoadReport> Next(int lifecycles, CancellationToken cancellationToken) => Tell($"next {lifecycles}", cancellationToken);

    public Task<LoadReport> End(CancellationToken cancellationToken) => Tell("end", cancellationToken);

    /// <summary>It has nothing to keep.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<LoadReport> Tell(string line, CancellationToken cancellationToken)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await _process.StandardInput.FlushAsync(cancellationToken);
        return await Answer(cancellationToken);
    }

    private async Task<LoadReport> Answer(CancellationToken cancellationToken) =>
        await _process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(Patience, cancellationToken) is { } line
            ? JsonSerializer.Deserialize<LoadReport>(line)!
            : throw new InvalidOperationException("the load's process has ended; it says above why");
}
