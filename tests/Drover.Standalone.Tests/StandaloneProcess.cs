using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Drover.Contracts;
using Drover.Contracts.Migrations;
using Drover.Contracts.Views;

namespace Drover.Standalone.Tests;

/// <summary><c>drover standalone</c> as a child process on a free port, and its API as any client sees it.</summary>
internal sealed class StandaloneProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    /// <summary>Longest wait for anything that must happen, on a machine that has much else to do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = [];
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly KillAt? kill;
    private Timer? killer;
    private readonly Action<StandaloneProcess>? onceListening;
    private HttpClient? http;

    private StandaloneProcess(string[] arguments, KillAt? kill, Action<StandaloneProcess>? onceListening)
    {
        this.onceListening = onceListening;
        this.kill = kill;
        var start = new ProcessStartInfo(Program, ["standalone", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var setting in start.Environment.Keys.Where(name => name.StartsWith("DROVER_", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(setting);      // the lab's, where the tests run in its shell
        start.Environment["DROVER_Log__Level"] = "Debug";
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Everything that it has written.</summary>
    public IEnumerable<string> Lines => lines;

    public int Id => process.Id;

    /// <summary>The API, once it listens.</summary>
    public HttpClient Http => http ?? throw new InvalidOperationException("Its API does not listen yet.");

    /// <summary>Where the API listens; faulted when the program ended before it did.</summary>
    public Task Started => listening.Task;

    /// <summary>The program, built together with these tests.</summary>
    public static string Program => Path.Combine(AppContext.BaseDirectory.Replace("Drover.Standalone.Tests", "Drover", StringComparison.Ordinal), "drover");

    /// <summary>Starts it, and waits until its API listens.</summary>
    public static async Task<StandaloneProcess> Start(string config, string data)
    {
        var started = Begin(config, data);
        await started.Started.WaitAsync(Patience);
        return started;
    }

    /// <summary>Starts it, to be killed with -9 at a moment.</summary>
    public static StandaloneProcess Begin(string config, string data, KillAt? kill = null, Action<StandaloneProcess>? onceListening = null, string listen = "127.0.0.1:0") =>
        new(["--config", config, "--data", data, "--listen", listen], kill, onceListening);

    /// <summary>Waits until it has been killed at its moment.</summary>
    public async Task Killed()
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Nothing happens any more, and the load waits: was something lost?\n{string.Join('\n', lines.TakeLast(60))}");
        }
        Assert.True(process.ExitCode == 137, $"It ended by itself, with exit code {process.ExitCode}:\n{string.Join('\n', lines.TakeLast(60))}");
    }

    /// <summary>Kills it with -9 now.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Ends it as a service manager does.</summary>
    /// <returns>Its exit code, and how long it took.</returns>
    public async Task<(int Code, TimeSpan Took)> Stop()
    {
        var took = Stopwatch.StartNew();
        using var kill = System.Diagnostics.Process.Start("kill", ["-TERM", $"{process.Id}"]);
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, took.Elapsed);
    }

    /// <summary>Waits for its end, which it comes to by itself.</summary>
    public async Task<int> Ends()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public async Task<HttpStatusCode> Post(string path, object body)
    {
        using var content = new StringContent(JsonSerializer.Serialize(body, ContractsJson.Tolerant), Encoding.UTF8, "application/json");
        using var answer = await Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    /// <summary>Asks for a move that must be accepted.</summary>
    public async Task<Guid> Migrate(string guest, string to, Guid? id = null, int? priority = null)
    {
        var migration = id ?? Guid.CreateVersion7();
        Assert.Equal(HttpStatusCode.Accepted, await Post("v1/migrations", new MigrateGuest { MigrationId = migration, Guest = guest, Destination = to, Priority = priority }));
        return migration;
    }

    public async Task<T> Get<T>(string path) => (await Http.GetFromJsonAsync<T>(path, ContractsJson.Tolerant, TestContext.Current.CancellationToken))!;

    /// <summary>A migration's state; "rejected" when its command was; null when nothing is known of it yet.</summary>
    public async Task<string?> StateOf(Guid migration)
    {
        using var answer = await Http.GetAsync($"v1/migrations/{migration}");
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => (await answer.Content.ReadFromJsonAsync<MigrationDetail>(ContractsJson.Tolerant))!.Migration.State,
            HttpStatusCode.NotFound => null,
            HttpStatusCode.UnprocessableEntity => "rejected",
            var other => throw new HttpRequestException($"{other}"),
        };
    }

    /// <summary>Waits until so many guests are known on a host.</summary>
    public Task Knows(string host, int guests) => Until(async () =>
        (await Get<HostList>("v1/hosts")).Hosts.FirstOrDefault(one => one.Host == host) is { } found && found.Guests == guests && found.Lanes.Count == 2 ? found : null, $"{guests} guests on {host}");

    /// <summary>Waits until a migration is as asked.</summary>
    public Task<MigrationDetail> Until(Guid migration, Func<MigrationView, bool> condition) => Until(async () =>
    {
        using var answer = await Http.GetAsync($"v1/migrations/{migration}", TestContext.Current.CancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        var detail = JsonSerializer.Deserialize<MigrationDetail>(text, ContractsJson.Tolerant)!;
        last = $"{detail.Migration.State}: {detail.Migration.Reason}";
        return condition(detail.Migration) ? detail : null;
    }, $"migration {migration}");

    public async ValueTask DisposeAsync()
    {
        http?.Dispose();
        if (killer is not null)
            await killer.DisposeAsync();
        if (!process.HasExited)
            await Kill();
        process.Dispose();
    }

    private string last = "";

    private async Task<T> Until<T>(Func<Task<T?>> look, string what)
        where T : class
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var waited = Stopwatch.StartNew();
        while (true)
        {
            if (await look() is { } found)
                return found;
            Assert.True(waited.Elapsed < Patience, $"waited in vain for {what}; {last}\n{string.Join('\n', lines.TakeLast(60))}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            listening.TrySetException(new InvalidOperationException("The program ended before it listened:\n" + string.Join('\n', lines.TakeLast(60))));
            return;
        }
        lines.Enqueue(line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
        {
            http = new HttpClient { BaseAddress = new Uri(line[(at + Listening.Length)..]), Timeout = TimeSpan.FromSeconds(20) };
            listening.TrySetResult();
            onceListening?.Invoke(this);
        }
        if (lines.Count == kill?.Lines)
            killer = new Timer(_ => process.Kill(), null, kill.Then, Timeout.InfiniteTimeSpan);
    }
}

/// <summary>A moment to kill a program at.</summary>
/// <param name="Lines">When it has written so many lines,</param>
/// <param name="Then">and then so much later: a line is written where something has just been done, and no moment should be safe.</param>
internal sealed record KillAt(int Lines, TimeSpan Then);
