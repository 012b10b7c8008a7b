using System.Runtime.Serialization;
using System.Security.Cryptography;
using System.Text;
using MassTransit;
using MassTransit.InMemoryTransport;

namespace Drover.Bus.Serialization;

/// <summary>What each kind of intake makes of what was received.</summary>
internal static class Readers
{
    public static BytesMessage Command(ReceiveContext context) =>
        Read(context, static (key, body, id) => new CommandBytes { RoutingKey = key, Body = body, MessageId = id });

    public static BytesMessage Event(ReceiveContext context) =>
        Read(context, static (key, body, _) => new EventBytes { RoutingKey = key, Body = body });

    public static BytesMessage ReturnedOrder(ReceiveContext context) =>
        Read(context, (host, body, _) => ReturnedOrderReader.Read(host, body, context.TransportHeaders)
            ?? throw new SerializationException("this is no order to an agent"));

    private static BytesMessage Read(ReceiveContext context, Func<string, byte[], string?, object> message)
    {
        var key = context.TryGetPayload<RoutingKeyConsumeContext>(out var routing) ? routing.RoutingKey ?? "" : "";
        var body = context.Body.GetBytes();
        var id = context.TransportHeaders.Get<string>(MessageHeaders.MessageId);
        return new BytesMessage(message(key, body, id), IsOurs(context) && Guid.TryParse(id, out var own) ? own : IdentityOf(id, body), context.InputAddress);
    }

    /// <summary>In memory there are no strangers, and the id is the outbox row's: by it the row is known to be consumed.</summary>
    private static bool IsOurs(ReceiveContext context) => context is InMemoryReceiveContext;

    /// <summary>
    /// The id by which the inbox knows a repeated delivery. Made from the sender's message-id and the body together: a sender that gives two different commands
    /// one id (or a constant) must not lose the second. Without a message-id every delivery is a new one; the migrationId makes that harmless.
    /// </summary>
    private static Guid IdentityOf(string? messageId, byte[] body)
    {
        if (string.IsNullOrEmpty(messageId))
            return NewId.NextGuid();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(messageId));
        hash.AppendData([0]);
        hash.AppendData(body);
        return new Guid(hash.GetHashAndReset().AsSpan(0, 16));
    }
}
