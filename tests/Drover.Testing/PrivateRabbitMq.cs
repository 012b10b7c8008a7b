namespace Drover.Testing;

/// <summary>
/// A RabbitMQ broker of this test process's own, with an Erlang port mapper of its own, all on loopback. Meant as an assembly fixture: it starts when the
/// first virtual host is asked for, and stops with the process.
/// </summary>
public sealed class PrivateRabbitMq : IAsyncDisposable
{
    private const string User = "rabbitmq";
    private const string Programs = "/usr/lib/rabbitmq/bin";
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Dictionary<string, string> environment = [];
    private ServerProcess? portMapper;
    private ServerProcess? server;
    private string folder = "";
    private int port;
    private int virtualHosts;

    /// <summary>Makes a fresh virtual host, where user <c>guest</c> (password <c>guest</c>) may do everything, and returns its AMQP address.</summary>
    public async Task<Uri> CreateVirtualHost()
    {
        await turn.WaitAsync();
        try
        {
            server ??= await Start();
            var name = $"test-{++virtualHosts}";
            await Evaluate(
                $"""
                rabbit_vhost:add(<<"{name}">>, <<"test">>),
                rabbit_auth_backend_internal:set_permissions(<<"guest">>, <<"{name}">>, <<".*">>, <<".*">>, <<".*">>, <<"test">>)
                """);
            return new Uri($"amqp://guest:guest@127.0.0.1:{port}/{name}");
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Ends the broker as a service manager would; its port refuses connections until <see cref="StartAgain"/>.</summary>
    public async Task Stop()
    {
        if (server is not null)
            await server.DisposeAsync();
        server = null;
    }

    /// <summary>Starts the broker that was stopped, with everything durable that it had, on the same port.</summary>
    public async Task StartAgain() => server ??= await Boot();

    /// <summary>Evaluates an Erlang expression in the broker (what <c>rabbitmqctl eval</c> does) and returns what it printed.</summary>
    public Task<string> Evaluate(string expression) => ServerProcess.Run(User, [$"{Programs}/rabbitmqctl", "eval", $"{expression}."], environment);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
        if (portMapper is not null)
            await portMapper.DisposeAsync();
        if (folder.Length > 0)
            Directory.Delete(folder, recursive: true);
        turn.Dispose();
    }

    private async Task<ServerProcess> Start()
    {
        // Not /usr/sbin/rabbitmqctl and friends: Debian's wrapper resets HOME, and with it the cookie.
        ServerProcess.Require($"{Programs}/rabbitmq-server", "rabbitmq-server");
        folder = await ServerProcess.Folder(User);
        port = ServerProcess.FreePort();
        var portMapperPort = ServerProcess.FreePort();
        await Configure(portMapperPort);

        // The broker would start a port mapper that outlives it; ours ends with us.
        portMapper = await ServerProcess.Start(User, ["epmd", "-port", $"{portMapperPort}", "-address", "127.0.0.1"], environment, readyLine: null);
        return await Boot();
    }

    private Task<ServerProcess> Boot() => ServerProcess.Start(User, [$"{Programs}/rabbitmq-server"], environment, "Starting broker... completed");

    private async Task Configure(int portMapperPort)
    {
        var configuration = Path.Combine(folder, "rabbitmq.conf");
        await File.WriteAllTextAsync(configuration, $"listeners.tcp.1 = 127.0.0.1:{port}\ndisk_free_limit.absolute = 50MB\n");
        environment["HOME"] = folder;
        environment["ERL_EPMD_PORT"] = $"{portMapperPort}";
        environment["ERL_EPMD_ADDRESS"] = "127.0.0.1";
        environment["RABBITMQ_NODENAME"] = $"drover-{Environment.ProcessId}@localhost";
        environment["RABBITMQ_DIST_PORT"] = $"{ServerProcess.FreePort()}";
        environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}";
        environment["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "none.conf");
        environment["RABBITMQ_CONFIG_FILE"] = configuration;
        environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins");
        environment["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia");
        environment["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log");

        // So that the pid is the broker's and not a shell's that waits for it.
        environment["RABBITMQ_ALLOW_INPUT"] = "1";
        environment["RABBITMQ_SERVER_START_ARGS"] = "-noinput";
    }
}
