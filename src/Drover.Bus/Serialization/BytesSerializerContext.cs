using System.Diagnostics.CodeAnalysis;
using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;

namespace Drover.Bus.Serialization;

/// <summary>One message without envelope, on its way through MassTransit: its one type, and its body for whoever must pass it on unchanged.</summary>
internal sealed class BytesSerializerContext(BytesMessage message, ContentType contentType, MessageBody body)
    : BaseSerializerContext(SystemTextJsonMessageSerializer.Instance, message, message.Message is null ? [] : [MessageUrn.ForTypeString(message.Message.GetType())])
{
    public override bool TryGetMessage<T>(out T? result)
        where T : class => (result = message.Message as T) is not null;

    public override bool TryGetMessage(Type messageType, [NotNullWhen(true)] out object? result) =>
        (result = messageType.IsInstanceOfType(message.Message) ? message.Message : null) is not null;

    public override IMessageSerializer GetMessageSerializer() => new CopyBodySerializer(contentType, body);

    public override IMessageSerializer GetMessageSerializer<T>(MessageEnvelope envelope, T overlay) => GetMessageSerializer();

    public override IMessageSerializer GetMessageSerializer(object overlay, string[] messageTypes) => GetMessageSerializer();

    public override Dictionary<string, object> ToDictionary<T>(T? value)
        where T : class => [];
}
