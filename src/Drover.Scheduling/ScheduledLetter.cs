using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;

namespace Drover.Scheduling;

/// <summary>A message that waits for its time: what a trigger carries.</summary>
internal sealed record ScheduledLetter
{
    /// <summary>By it the receiver's inbox knows a message that was sent twice.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>The schedule's token.</summary>
    public required Guid Token { get; init; }

    /// <summary>Where to, in the short form: a broker that moves strands no schedule.</summary>
    public required Uri Destination { get; init; }

    /// <summary>The message's types as URNs.</summary>
    public required IReadOnlyList<string> MessageTypes { get; init; }

    /// <summary>The envelope.</summary>
    public required string Body { get; init; }

    /// <summary>The envelope's media type.</summary>
    public required string ContentType { get; init; }

    /// <summary>Sends it.</summary>
    public async Task Send(ISendEndpointProvider provider, CancellationToken cancellationToken)
    {
        var endpoint = await provider.GetSendEndpoint(Destination);
        await endpoint.Send(new SerializedMessageBody(), Pipe.Execute<SendContext<SerializedMessageBody>>(Address), cancellationToken);
    }

    private void Address(SendContext context)
    {
        context.MessageId = MessageId;
        context.SupportedMessageTypes = [.. MessageTypes];
        context.Headers.Set(MessageHeaders.SchedulingTokenId, Token.ToString());
        context.Serializer = new Written(Body, ContentType);
    }

    private sealed class Written(string body, string contentType) : IMessageSerializer
    {
        public ContentType ContentType { get; } = new(contentType);

        public MessageBody GetMessageBody<T>(SendContext<T> context)
            where T : class => new StringMessageBody(body);
    }
}
