using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Drover.Testing;

/// <summary>One of Debian's server programs, run for this test process only: by an unprivileged user, on loopback, in a temporary folder, stopped by its pid.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(15);
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly string stopSignal;

    private ServerProcess(Process process, string? readyLine, string stopSignal)
    {
        this.process = process;
        this.stopSignal = stopSignal;
        process.OutputDataReceived += (_, line) => Read(line.Data, readyLine);
        process.ErrorDataReceived += (_, line) => Read(line.Data, readyLine);
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"{process.StartInfo.FileName} ended before it was ready:\n{output}"));
        if (readyLine is null)
            ready.SetResult();
    }

    /// <summary>Starts a server and returns when it has printed <paramref name="readyLine"/>; at once for null.</summary>
    public static async Task<ServerProcess> Start(string user, IEnumerable<string> command, IReadOnlyDictionary<string, string> environment, string? readyLine, string stopSignal = "TERM")
    {
        var process = new Process { StartInfo = AsUser(user, command, environment), EnableRaisingEvents = true };
        var server = new ServerProcess(process, readyLine, stopSignal);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await server.ready.Task.WaitAsync(StartsWithin);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a short command to its end and returns what it printed; throws if it failed.</summary>
    public static async Task<string> Run(string user, IEnumerable<string> command, IReadOnlyDictionary<string, string> environment)
    {
        using var process = Process.Start(AsUser(user, command, environment))!;
        using var timeout = new CancellationTokenSource(StartsWithin);
        var output = process.StandardOutput.ReadToEndAsync(timeout.Token);
        var errors = process.StandardError.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return process.ExitCode == 0 ? await output
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}:\n{await output}{await errors}");
    }

    /// <summary>A folder that belongs to the server's user; the caller removes it.</summary>
    public static async Task<string> Folder(string user)
    {
        var folder = Directory.CreateTempSubdirectory("drover-test-").FullName;
        if (Environment.IsPrivilegedProcess)
            await Run("root", ["chown", user, folder], new Dictionary<string, string>());
        return folder;
    }

    /// <summary>A TCP port of 127.0.0.1 that nobody uses at the moment.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Throws a sentence that says what to do, if a server program is not installed.</summary>
    public static string Require(string program, string package) => File.Exists(program) ? program
        : throw new InvalidOperationException($"{program} (Debian package {package}) is not installed: run infra/install");

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await Run("root", ["kill", $"-{stopSignal}", $"{process.Id}"], new Dictionary<string, string>());
            try
            {
                await process.WaitForExitAsync().WaitAsync(StopsWithin);
            }
            catch (TimeoutException)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        process.Dispose();
    }

    /// <summary>As root, becomes the server's own user first (both servers refuse root); else runs as who we are. No shell between, so that the pid is the server's.</summary>
    private static ProcessStartInfo AsUser(string user, IEnumerable<string> command, IReadOnlyDictionary<string, string> environment)
    {
        string[] change = Environment.IsPrivilegedProcess && user != "root" ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups"] : [];
        string[] all = [.. change, .. command];
        var start = new ProcessStartInfo(all[0], all[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return start;
    }

    private void Read(string? line, string? readyLine)
    {
        if (line is null)
            return;
        lock (output)
            output.AppendLine(line);
        if (readyLine is not null && line.Contains(readyLine, StringComparison.Ordinal))
            ready.TrySetResult();
    }
}
