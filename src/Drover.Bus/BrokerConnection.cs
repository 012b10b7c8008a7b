using RabbitMQ.Client;

namespace Drover.Bus;

/// <summary>Connections beside MassTransit's, for what it has no words for: seats, and looking into queues. They are never restored by themselves.</summary>
internal static class BrokerConnection
{
    public static ConnectionFactory Factory(BusOptions options, string name, TimeSpan answersWithin)
    {
        var broker = new ConnectionFactory
        {
            Uri = options.Url!,
            ClientProvidedName = name,
            AutomaticRecoveryEnabled = false,
            RequestedConnectionTimeout = answersWithin,
            ContinuationTimeout = answersWithin,
        };
        if (options.Password is { } password)
            broker.Password = password;
        return broker;
    }
}
