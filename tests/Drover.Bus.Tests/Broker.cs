using Drover.Testing;

[assembly: AssemblyFixture(typeof(PrivateRabbitMq))]

namespace Drover.Bus.Tests;

/// <summary>A virtual host for one class of tests: queues' arguments and leftovers of another class cannot disturb it.</summary>
public sealed class Broker(PrivateRabbitMq server) : IAsyncLifetime
{
    private Uri? _url;

    public Uri Url => _url!;

    public BusOptions Options => new() { Url = Url };

    public async ValueTask InitializeAsync() => _url = await server.CreateVirtualHost();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
