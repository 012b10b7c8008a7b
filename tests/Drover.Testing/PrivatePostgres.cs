using Npgsql;

namespace Drover.Testing;

/// <summary>
/// A PostgreSQL server of this test process's own. Meant as an assembly fixture: it starts when the first database is asked for, and stops with the process.
/// It does not fsync unless asked to: what a crash of the machine would lose is of no interest to tests.
/// </summary>
public sealed class PrivatePostgres : IAsyncDisposable
{
    private const string User = "postgres";
    private readonly SemaphoreSlim turn = new(1, 1);
    private ServerProcess? server;
    private string folder = "";
    private string postgres = "";
    private int port;
    private int databases;

    /// <summary>Whether a commit waits for the disk, as it does where a database is used in earnest. Default false.</summary>
    public bool Durable { get; init; }

    /// <summary>Makes a fresh database, a copy of <paramref name="template"/> where given (nobody may be connected to it), and returns its connection string.</summary>
    public async Task<string> CreateDatabase(string template = "template1")
    {
        await turn.WaitAsync();
        try
        {
            server ??= await Start();
            var name = $"test_{++databases}";
            await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE {template}", connection);
            await command.ExecuteNonQueryAsync();
            return ConnectionString(name);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Ends the server, without waiting for its clients; its port refuses connections until <see cref="StartAgain"/>.</summary>
    public async Task Stop()
    {
        if (server is not null)
            await server.DisposeAsync();
        server = null;
    }

    /// <summary>Starts the server that was stopped, on the same data and port.</summary>
    public async Task StartAgain() => server ??= await Boot();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (server is not null)
            await server.DisposeAsync();
        if (folder.Length > 0)
            Directory.Delete(folder, recursive: true);
        turn.Dispose();
    }

    private async Task<ServerProcess> Start()
    {
        // The newest version that is installed.
        var programs = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order().LastOrDefault() : null;
        postgres = ServerProcess.Require($"{programs ?? "/usr/lib/postgresql/15"}/bin/postgres", "postgresql");
        folder = await ServerProcess.Folder(User);
        port = ServerProcess.FreePort();
        var data = Path.Combine(folder, "data");
        var none = new Dictionary<string, string>();
        await ServerProcess.Run(User, [$"{programs}/bin/initdb", "--pgdata", data, "--username", "drover", "--auth", "trust", "--no-sync", "--encoding", "UTF8", "--locale", "C"], none);
        return await Boot();
    }

    private Task<ServerProcess> Boot()
    {
        string[] settings =
        [
            $"port={port}", "listen_addresses=127.0.0.1", $"unix_socket_directories={folder}", "max_connections=200", $"fsync={(Durable ? "on" : "off")}", "shared_buffers=64MB",
        ];

        // SIGINT: a fast shutdown, without waiting for clients.
        return ServerProcess.Start(
            User, [postgres, "-D", Path.Combine(folder, "data"), .. settings.SelectMany(setting => new[] { "-c", setting })], new Dictionary<string, string>(),
            "database system is ready to accept connections", "INT");
    }

    private string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={port};Username=drover;Database={database};Max Auto Prepare=100;Auto Prepare Min Usages=2;Timeout=15;Command Timeout=30";
}
