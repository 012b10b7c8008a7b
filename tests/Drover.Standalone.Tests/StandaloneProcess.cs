using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Drover.Contracts;
using Drover.Contracts.Migrations;
using Drover.Contracts.Views;
using Drover.Testing;

namespace Drover.Standalone.Tests;

/// <summary><c>drover standalone</c> as a child process on a free port, and its API as any client sees it.</summary>
internal sealed class StandaloneProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";

    private readonly DroverProcess process;
    private readonly TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly KillAt? kill;
    private Timer? killer;
    private readonly Action<StandaloneProcess>? onceListening;
    private HttpClient? http;

    private StandaloneProcess(string[] arguments, KillAt? kill, Action<StandaloneProcess>? onceListening)
    {
        this.onceListening = onceListening;
        this.kill = kill;
        process = DroverProcess.Begin(DroverProcess.Today, ["standalone", .. arguments], [("Log:Level", "Debug")], Take);
    }

    /// <summary>Longest wait for anything that must happen, on a machine that has much else to do.</summary>
    public static TimeSpan Patience => DroverProcess.Patience;

    /// <summary>Everything that it has written.</summary>
    public IReadOnlyCollection<string> Lines => process.Lines;

    public int Id => process.Id;

    /// <summary>The API, once it listens.</summary>
    public HttpClient Http => http ?? throw new InvalidOperationException("Its API does not listen yet.");

    /// <summary>Where the API listens; faulted when the program ended before it did.</summary>
    public Task Started => listening.Task;

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
            var code = await process.Ends();
            Assert.True(code == 137, $"It ended by itself, with exit code {code}:\n{process.Tail}");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"Nothing happens any more, and the load waits: was something lost?\n{process.Tail}");
        }
    }

    /// <summary>Kills it with -9 now.</summary>
    public async Task Kill()
    {
        process.Kill();
        await process.Ends();
    }

    /// <summary>Ends it as a service manager does.</summary>
    /// <returns>Its exit code, and how long it took.</returns>
    public Task<(int Code, TimeSpan Took)> Stop() => process.Stop();

    /// <summary>Waits for its end, which it comes to by itself.</summary>
    public Task<int> Ends() => process.Ends();

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
        await process.DisposeAsync();
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
            Assert.True(waited.Elapsed < Patience, $"waited in vain for {what}; {last}\n{process.Tail}");
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private void Take(DroverProcess said, string? line)
    {
        if (line is null)
        {
            listening.TrySetException(new InvalidOperationException($"The program ended before it listened:\n{said.Tail}"));
            return;
        }
        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
        {
            http = new HttpClient { BaseAddress = new Uri(line[(at + Listening.Length)..]), Timeout = TimeSpan.FromSeconds(20) };
            listening.TrySetResult();
            onceListening?.Invoke(this);
        }
        if (said.Lines.Count == kill?.Lines)
            killer = new Timer(_ => said.Kill(), null, kill.Then, Timeout.InfiniteTimeSpan);
    }
}

/// <summary>A moment to kill a program at.</summary>
/// <param name="Lines">When it has written so many lines,</param>
/// <param name="Then">and then so much later: a line is written where something has just been done, and no moment should be safe.</param>
internal sealed record KillAt(int Lines, TimeSpan Then);
