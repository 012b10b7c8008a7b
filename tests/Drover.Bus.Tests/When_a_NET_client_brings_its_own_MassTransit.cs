using System.Text.Json;
using Drover.Contracts;
using Drover.Contracts.Migrations;
using MassTransit;

namespace Drover.Bus.Tests;

/// <summary>The snippet of the README: MassTransit and Drover.Contracts, nothing else of Drover.</summary>
public class When_a_NET_client_brings_its_own_MassTransit(Broker broker) : IClassFixture<Broker>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_command_arrives_as_plain_JSON_and_Drovers_events_reach_its_consumer()
    {
        var commands = new Arrivals<CommandBytes>();
        await using var drover = await RunningBus.Start(broker.Options, e => e.Commands("migrate-guest", commands.On));
        var completed = new Arrivals<MigrationUnsure>();
        var bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(rabbit =>
        {
            rabbit.Host(broker.Url);
            // readme: begin
            // Bodies are Drover's plain JSON, not MassTransit's envelope.
            rabbit.UseRawJsonSerializer(RawSerializerOptions.AnyMessageType, isDefault: true);
            rabbit.ConfigureJsonSerializerOptions(options => ContractsJson.Configure(options));

            // Commands go to the direct exchange by their routing key.
            rabbit.Message<MigrateGuest>(m => m.SetEntityName(RoutingKeys.CommandsExchange));
            rabbit.Publish<MigrateGuest>(p =>
            {
                p.ExchangeType = "direct";
                p.SetExchangeArgument("alternate-exchange", "drover.unknown-command");
            });
            rabbit.Send<MigrateGuest>(s => s.UseRoutingKeyFormatter(_ => RoutingKeys.Commands[typeof(MigrateGuest)]));

            // One queue per kind of event: a plain body fits every type.
            rabbit.ReceiveEndpoint("my-service.migration-unsure", queue =>
            {
                queue.ConfigureConsumeTopology = false;
                queue.Bind(RoutingKeys.EventsExchange, b =>
                {
                    b.ExchangeType = "topic";
                    b.RoutingKey = RoutingKeys.Events[typeof(MigrationUnsure)];
                });
                completed.On(queue); // or queue.Consumer<...>()
            });
            // readme: end
        });
        await bus.StartAsync(Cancelled);
        try
        {
            var command = Some.MigrateGuest();
            await bus.Publish(command, publish => publish.Mandatory = true, Cancelled);
            var arrived = await commands.Next();
            Assert.Equal(command, Assert.IsType<CommandRead<MigrateGuest>.Ok>(CommandReader.Read<MigrateGuest>(arrived.Message.Body)).Command);
            Assert.Equal("migrate-guest", arrived.Message.RoutingKey);

            var unsure = Some.MigrationUnsure();
            await drover.Bus.Publish(Wire.Event(unsure), Cancelled);
            Assert.Equal(unsure, (await completed.Next()).Message);
        }
        finally
        {
            await bus.StopAsync(Cancelled);
        }
    }
}
