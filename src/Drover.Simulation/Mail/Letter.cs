namespace Drover.Simulation.Mail;

/// <summary>A message on its way.</summary>
/// <param name="Id">The same for every copy that the broker delivers.</param>
/// <param name="Queue">Where it goes; for an order to an agent the agents' exchange.</param>
/// <param name="RoutingKey">The host, for an order.</param>
internal abstract record Letter(Guid Id, string Queue, string? RoutingKey)
{
    public abstract object Body { get; }

    /// <summary>Hands the body over with its type.</summary>
    public abstract Task Open(IReader reader);
}

/// <summary>Who opens letters.</summary>
internal interface IReader
{
    Task Read<T>(Guid id, string queue, T message)
        where T : class;
}

internal sealed record Letter<T>(Guid Id, string Queue, string? RoutingKey, T Message) : Letter(Id, Queue, RoutingKey)
    where T : class
{
    public override object Body => Message;

    public override Task Open(IReader reader) => reader.Read(Id, Queue, Message);
}
