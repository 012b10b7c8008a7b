namespace Drover.Bus;

/// <summary>What carries the messages.</summary>
public enum BusTransport
{
    /// <summary>A RabbitMQ broker: for every installation of more than one process.</summary>
    RabbitMq = 1,

    /// <summary>Queues in this process's memory: for <c>drover standalone</c> and tests. What is in a queue is lost with the process; outbox rows send it again.</summary>
    InMemory = 2,
}
