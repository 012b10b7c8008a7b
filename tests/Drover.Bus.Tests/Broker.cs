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

    /// <summary>Closes the connections of one name, as an operator or a broken network would.</summary>
    public Task CutConnections(string name) => server.Evaluate(
        $$"""
        [rabbit_networking:close_connection(Pid, "test") || [{pid, Pid}, {client_properties, Properties}] <- rabbit_networking:connection_info_all([pid, client_properties]),
            lists:keyfind(<<"connection_name">>, 1, Properties) =:= {<<"connection_name">>, longstr, <<"{{name}}">>}]
        """);

    /// <summary>Deletes a queue over its owner's head.</summary>
    public Task DeleteQueue(string name) => server.Evaluate(
        $$"""
        {ok, Queue} = rabbit_amqqueue:lookup(rabbit_misc:r(<<"{{Url.AbsolutePath[1..]}}">>, queue, <<"{{name}}">>)), rabbit_amqqueue:delete(Queue, false, false, <<"test">>)
        """);
}
