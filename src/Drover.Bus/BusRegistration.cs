using System.Text.Json;
using Drover.Bus.Serialization;
using Drover.Contracts;
using MassTransit;
using MassTransit.Serialization;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;
using static RabbitMQ.Client.Headers;
using Fabric = MassTransit.Transports.Fabric;

namespace Drover.Bus;

/// <summary>Puts Drover's wire on MassTransit.</summary>
public static class BusRegistration
{
    // MassTransit keeps one set of JSON options per process; a second bus must not add the converters again.
    private static readonly Lazy<JsonSerializerOptions> _json = new(() => ContractsJson.Configure(new JsonSerializerOptions(SystemTextJsonMessageSerializer.Options)));

    /// <summary>Instead of <c>UsingRabbitMq</c> or <c>UsingInMemory</c>: the transport, the wire's formats, and the queues that the callback asks for.</summary>
    public static void UsingDrover(this IBusRegistrationConfigurator registration, BusOptions options, Action<IBusRegistrationContext, DroverEndpoints> endpoints)
    {
        ArgumentNullException.ThrowIfNull(registration);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(endpoints);
        registration.DisableUsageTelemetry();
        registration.AddReceiveEndpointObserver<EndpointWatch>();
        registration.AddOptions<MassTransitHostOptions>().Configure(host =>
        {
            host.WaitUntilStarted = true;
            host.StartTimeout = options.StartTimeout;
            host.StopTimeout = options.StopTimeout;
            host.ConsumerStopTimeout = options.StopTimeout;
        });
        if (options.Transport == BusTransport.InMemory)
        {
            registration.UsingInMemory((context, bus) =>
            {
                ConfigureWire(bus, options);
                bus.Publish<WireEvent>(p => p.ExchangeType = Fabric.ExchangeType.Topic);
                bus.Publish<WireCommand>(p => p.ExchangeType = Fabric.ExchangeType.Direct);
                endpoints(context, new InMemoryEndpoints(bus));
            });
        }
        else
        {
            registration.UsingRabbitMq((context, bus) =>
            {
                bus.Host(options.Url!, host => Connect(host, options));
                ConfigureWire(bus, options);
                bus.Publish<WireEvent>(p => p.ExchangeType = ExchangeType.Topic);
                bus.Publish<WireCommand>(p =>
                {
                    p.ExchangeType = ExchangeType.Direct;
                    p.SetExchangeArgument(AlternateExchange, Queues.UnknownCommand);
                });
                endpoints(context, new RabbitMqEndpoints(bus.ReceiveEndpoint, options));
            });
        }
    }

    private static void Connect(IRabbitMqHostConfigurator host, BusOptions options)
    {
        if (options.Password is { } password)
            host.Password(password);
        host.PublisherConfirmation = true;
        host.RequestedConnectionTimeout(TimeSpan.FromSeconds(10));
        host.ContinuationTimeout(TimeSpan.FromSeconds(20));
        host.Heartbeat(TimeSpan.FromSeconds(10));
    }

    private static void ConfigureWire(IBusFactoryConfigurator bus, BusOptions options)
    {
        bus.ConfigureJsonSerializerOptions(_ => _json.Value);
        var wire = new WireSerializerFactory(Wire.ContentType, reader: null);
        bus.AddSerializer(wire, isSerializer: false);
        bus.AddDeserializer(wire);
        Public<WireEvent>(bus, RoutingKeys.EventsExchange);
        Public<WireCommand>(bus, RoutingKeys.CommandsExchange);
        bus.ConfigureSend(send => send.UseExecute(context => Stamp(context, options)));
        bus.ConfigurePublish(publish => publish.UseExecute(context => Stamp(context, options)));
    }

    private static void Public<T>(IBusFactoryConfigurator bus, string exchange)
        where T : class, IWireMessage
    {
        bus.Message<T>(m => m.SetEntityName(exchange));
        bus.Send<T>(s =>
        {
            s.UseSerializer(Wire.ContentType);
            s.UseRoutingKeyFormatter(context => context.Message.RoutingKey);
        });
    }

    private static void Stamp(SendContext context, BusOptions options)
    {
        if (context is SendContext<WireEvent> evt)
            context.MessageId = evt.Message.EventId;
        if (context is SendContext<WireCommand> and PublishContext command)
            command.Mandatory = true;
        if (context.DestinationAddress?.AbsolutePath.EndsWith($"/{Queues.AgentsExchange}", StringComparison.Ordinal) == true)
            context.TimeToLive ??= options.OrderTimeToLive;
    }
}
