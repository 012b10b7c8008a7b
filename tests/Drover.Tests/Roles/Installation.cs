using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Drover.Testing;
using RabbitMQ.Client;

namespace Drover.Tests.Roles;

/// <summary>The classes that need an installation share one, and take turns: they stop its parts.</summary>
[CollectionDefinition(nameof(Installation))]
public sealed class OneInstallation : ICollectionFixture<Installation>;

/// <summary>A broker, a database with its schema, and room for one coordinator, one API and agents on a libvirt without guests.</summary>
public sealed class Installation : IAsyncLifetime
{
    private readonly List<RoleProcess> running = [];

    public PrivateRabbitMq Broker { get; } = new();

    public PrivatePostgres Database { get; } = new();

    public PrivateLibvirt Libvirt { get; } = new();

    public HttpClient Api { get; private set; } = null!;

    internal Uri Amqp { get; private set; } = null!;

    internal RoleProcess Coordinator { get; private set; } = null!;

    internal RoleProcess ApiRole { get; private set; } = null!;

    internal RoleProcess Agent { get; private set; } = null!;

    internal IReadOnlyList<RoleProcess> Roles => [Coordinator, ApiRole, Agent];

    private (string, string)[] store = [];

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async ValueTask InitializeAsync()
    {
        var connection = Database.CreateDatabase();
        await Libvirt.Start();
        Amqp = await Broker.CreateVirtualHost();
        store = [("Store:ConnectionString", await connection)];
        await DroverProcess.Run(DroverProcess.Today, "schema apply", store);
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        await Broker.DisposeAsync();
        await Database.DisposeAsync();
        await Libvirt.DisposeAsync();
    }

    /// <summary>Starts all three roles and waits until they are ready.</summary>
    internal async Task Start()
    {
        await Mend();
        var port = FreePort();
        Coordinator = Begin("coordinator", store);
        ApiRole = Begin("api", [.. store, ("Api:Listen", $"http://127.0.0.1:{port}")]);
        Agent = BeginAgent("host-a");
        Api = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(60) };
        foreach (var role in Roles)
            await role.IsReady();
    }

    /// <summary>Starts an agent alone, and waits until it is ready.</summary>
    internal async Task StartAgent()
    {
        await Mend();
        Agent = BeginAgent("host-a");
        await Agent.IsReady();
    }

    internal RoleProcess BeginAgent(string host) => Begin(
        "agent", [("Agent:Host", host), ("Agent:AllowOtherHostName", "true"), ("Agent:PeerUri", "qemu+tcp://127.0.0.1/system"), ("Libvirt:Uri", Libvirt.Uri)]);

    /// <summary>Puts right what a test left that did not come to its end.</summary>
    private async Task Mend()
    {
        await End();
        await Broker.StartAgain();
        await Database.StartAgain();
        await Libvirt.Start();
    }

    /// <summary>Kills what still runs.</summary>
    internal async Task End()
    {
        foreach (var role in running)
            await role.DisposeAsync();
        running.Clear();
        Api?.Dispose();
    }

    /// <summary>Asks over HTTP for a move that cannot be, since there is one host only: it is rejected as soon as a coordinator gets it.</summary>
    internal async Task<(HttpStatusCode Status, Guid Id)> Ask()
    {
        var id = Guid.CreateVersion7();
        using var answer = await Api.PostAsJsonAsync("v1/migrations", new { migrationId = id, guest = "test", destination = "nowhere" });
        return (answer.StatusCode, id);
    }

    /// <summary>Asks for the same on the bus, as a stranger.</summary>
    internal async Task<Guid[]> AskOnBus(int times)
    {
        await using var connection = await new ConnectionFactory { Uri = Amqp }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var ids = Enumerable.Range(0, times).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var id in ids)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(new { migrationId = id, guest = "test", destination = "nowhere" });
            await channel.BasicPublishAsync("drover.commands", "migrate-guest", mandatory: true, new BasicProperties { Persistent = true }, body);
        }
        return ids;
    }

    /// <summary>Waits until a coordinator has decided about it.</summary>
    internal Task Decided(Guid id) => Eventually.Is(HttpStatusCode.UnprocessableEntity, async () =>
    {
        using var answer = await Api.GetAsync($"v1/migrations/{id}");
        return answer.StatusCode;
    });

    private RoleProcess Begin(string role, IEnumerable<(string, string)> settings)
    {
        var process = RoleProcess.Start(role, [.. settings, ("Bus:Url", Amqp.AbsoluteUri), ("Health:Listen", "http://127.0.0.1:0")]);
        running.Add(process);
        return process;
    }
}
