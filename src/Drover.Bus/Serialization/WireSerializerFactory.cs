using System.Net.Mime;
using MassTransit;

namespace Drover.Bus.Serialization;

/// <summary>Gives the bus its way to write public messages and to send them again from outbox rows, and intake endpoints their way to read bytes.</summary>
internal sealed class WireSerializerFactory(string mediaType, BytesReader? reader) : ISerializerFactory
{
    private readonly WireSerializer _serializer = new(new ContentType(mediaType), reader);

    public ContentType ContentType => _serializer.ContentType;

    public IMessageSerializer CreateSerializer() => _serializer;

    public IMessageDeserializer CreateDeserializer() => _serializer;
}
