using MassTransit;
using MassTransit.Context;
using MassTransit.Serialization;

namespace Drover.Store.Outbox;

/// <summary>From a message that is being sent to the row that keeps it.</summary>
internal static class OutboxRow
{
    /// <summary>Makes the row. The body comes first: a serializer may add headers while it writes it.</summary>
    public static OutboxMessage Of<T>(SendContext<T> context, DateTime now, int remaining, Guid? inboxMessageId = null, Guid? inboxConsumerId = null)
        where T : class
    {
        var body = context.Serializer.GetMessageBody(context).GetBytes();
        return new OutboxMessage
        {
            MessageId = context.MessageId ?? throw new MessageException(typeof(T), "A message needs a MessageId to go through the outbox."),
            InboxMessageId = inboxMessageId,
            InboxConsumerId = inboxConsumerId,
            Destination = ShortAddress.Of(context.DestinationAddress
                ?? throw new MessageException(typeof(T), "A message needs a destination to go through the outbox.")),
            Body = body,
            ContentType = (context.ContentType ?? context.Serializer.ContentType).ToString(),
            MessageTypes = string.Join(';', context.SupportedMessageTypes ?? []),
            Headers = SystemTextJsonMessageSerializer.Instance.SerializeDictionary(context.Headers.GetAll()),
            Properties = PropertiesOf(context),
            ConversationId = context.ConversationId,
            CorrelationId = context.CorrelationId,
            InitiatorId = context.InitiatorId,
            RequestId = context.RequestId,
            CreatedAt = now,
            ExpiresAt = now + context.TimeToLive,
            Remaining = remaining,
        };
    }

    private static string? PropertiesOf<T>(SendContext<T> context)
        where T : class
    {
        if (context is not TransportSendContext<T> transport)
            return null;

        // A publish topology's "mandatory" sits beside the context until the transport sends; the row has to keep it.
        if (context.TryGetPayload(out PublishContext? publish) && context is MessageSendContext<T> message)
            message.Mandatory |= publish.Mandatory;
        var properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        transport.WritePropertiesTo(properties);
        return SystemTextJsonMessageSerializer.Instance.SerializeDictionary(properties);
    }
}
