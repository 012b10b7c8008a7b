using System.Net.Mime;
using System.Runtime.Serialization;
using MassTransit;
using MassTransit.Serialization;

namespace Drover.Bus.Serialization;

/// <summary>
/// Reads and writes messages without MassTransit's envelope. MassTransit comes here on three ways: to write a <see cref="WireEvent"/> or <see cref="WireCommand"/>;
/// to send the stored text of an outbox row again; and, on an intake endpoint, with whatever a stranger has sent.
/// </summary>
internal sealed class WireSerializer(ContentType contentType, BytesReader? reader) : IMessageSerializer, IMessageDeserializer
{
    public ContentType ContentType => contentType;

    public MessageBody GetMessageBody<T>(SendContext<T> context)
        where T : class => context.Message is IWireMessage wire
            ? new BytesMessageBody(wire.Body)
            : throw new SerializationException($"{typeof(T).Name} does not travel as plain JSON");

    public ConsumeContext Deserialize(ReceiveContext receiveContext) => reader is null
        ? throw new SerializationException("this queue takes Drover's own messages only: plain JSON belongs into the exchange drover.commands")
        : new BodyConsumeContext(receiveContext, new BytesSerializerContext(reader(receiveContext), ContentType, receiveContext.Body));

    /// <summary>An outbox row that is sent again. On an intake endpoint this serializer stands for every content type, the envelope's too.</summary>
    public SerializerContext Deserialize(MessageBody body, Headers headers, Uri? destinationAddress = null) =>
        ContentType.MediaType == SystemTextJsonMessageSerializer.JsonContentType.MediaType
            ? SystemTextJsonMessageSerializer.Instance.Deserialize(body, headers, destinationAddress)
            : new BytesSerializerContext(new BytesMessage(Message: null, headers.GetMessageId(), destinationAddress), ContentType, body);

    public MessageBody GetMessageBody(string text) => new StringMessageBody(text);

    public void Probe(ProbeContext context) => context.CreateScope("wire").Add("contentType", ContentType.MediaType);
}
