using MassTransit;
using MassTransit.Metadata;
using MassTransit.Serialization;

namespace Drover.Bus.Serialization;

/// <summary>Makes a message of what was received. What throws here ends in the error queue without an answer, so readers of strangers' messages never throw.</summary>
internal delegate BytesMessage BytesReader(ReceiveContext context);

/// <summary>A message without envelope, as MassTransit wants to see it. A stranger's addresses and headers are not taken over: nobody tells Drover where to send.</summary>
internal sealed record BytesMessage(object? Message, Guid? MessageId, Uri? DestinationAddress) : MessageContext
{
    public Guid? RequestId => null;

    public Guid? CorrelationId => null;

    public Guid? ConversationId => null;

    public Guid? InitiatorId => null;

    public DateTime? ExpirationTime => null;

    public Uri? SourceAddress => null;

    public Uri? ResponseAddress => null;

    public Uri? FaultAddress => null;

    public DateTime? SentTime => null;

    public Headers Headers => EmptyHeaders.Instance;

    public HostInfo Host => HostMetadataCache.Empty;
}
