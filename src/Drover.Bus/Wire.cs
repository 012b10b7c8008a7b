using System.Text.Json;
using Drover.Contracts;
using Drover.Contracts.Commands;
using Drover.Contracts.Guests;
using Drover.Contracts.Hosts;
using Drover.Contracts.Migrations;
using MassTransit;

namespace Drover.Bus;

/// <summary>Public messages as bytes with their routing keys.</summary>
public static class Wire
{
    /// <summary>The media type of public messages.</summary>
    internal const string ContentType = "application/json";

    /// <summary>An event to publish.</summary>
    /// <exception cref="ArgumentException">The type is no public event.</exception>
    public static WireEvent Event<T>(T evt)
        where T : class => new()
        {
            RoutingKey = Key(RoutingKeys.Events, evt),
            Body = JsonSerializer.SerializeToUtf8Bytes(evt, evt.GetType(), ContractsJson.Tolerant),
            EventId = evt switch
            {
                MigrationEvent migration => migration.EventId,
                HostEvent host => host.EventId,
                GuestEvent guest => guest.EventId,
                CommandRejected rejected => rejected.EventId,
                _ => throw new ArgumentException($"{evt.GetType().Name} has no EventId", nameof(evt)),
            },
        };

    /// <summary>A command to publish.</summary>
    /// <exception cref="ArgumentException">The type is no public command.</exception>
    public static WireCommand Command<T>(T command)
        where T : class => new()
        {
            RoutingKey = Key(RoutingKeys.Commands, command),
            Body = JsonSerializer.SerializeToUtf8Bytes(command, command.GetType(), ContractsJson.Tolerant),
        };

    /// <summary>
    /// The queue of the public command that is being sent; null for any other message. Its consumer takes bytes, so that its type does not tell who receives it.
    /// </summary>
    public static string? CommandQueue(SendContext context) => context is SendContext<WireCommand> command ? Queues.Command(command.Message.RoutingKey) : null;

    private static string Key(IReadOnlyDictionary<Type, string> keys, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return keys.TryGetValue(message.GetType(), out var key)
            ? key
            : throw new ArgumentException($"{message.GetType().Name} has no routing key", nameof(message));
    }
}
