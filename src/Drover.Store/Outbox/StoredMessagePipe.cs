using System.Net.Mime;
using MassTransit;
using MassTransit.Context;
using MassTransit.Logging;
using MassTransit.Serialization;

namespace Drover.Store.Outbox;

/// <summary>Turns a row back into a message on its way: the same bytes, headers and transport properties.</summary>
internal sealed class StoredMessagePipe(OutboxMessage row, DateTime now) : IPipe<SendContext>
{
    private readonly Dictionary<string, object?> headers = Read<object?>(row.Headers);

    /// <summary>The trace span in which the row was written; null if there was none.</summary>
    public string? WrittenIn => headers.GetValueOrDefault(DiagnosticHeaders.ActivityId)?.ToString();

    public Task Send(SendContext context)
    {
        context.MessageId = row.MessageId;
        context.ConversationId = row.ConversationId;
        context.CorrelationId = row.CorrelationId;
        context.InitiatorId = row.InitiatorId;
        context.RequestId = row.RequestId;
        context.SupportedMessageTypes = row.MessageTypes.Split(';');
        context.TimeToLive = row.ExpiresAt - now;
        foreach (var (name, value) in headers)
            context.Headers.Set(name, value);
        if (context is TransportSendContext transport)
            transport.ReadPropertiesFrom(Read<object>(row.Properties));

        // A row that is sent again after a restart has waited for a part of its delay already.
        if (context.Delay is { } delay)
            context.Delay = row.CreatedAt + delay > now ? row.CreatedAt + delay - now : null;
        context.Serializer = new StoredBody(row);
        return Task.CompletedTask;
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("outbox");

    private static Dictionary<string, T> Read<T>(string? json) =>
        SystemTextJsonMessageSerializer.Instance.DeserializeDictionary<T>(json) ?? [];

    private sealed class StoredBody(OutboxMessage row) : IMessageSerializer
    {
        public ContentType ContentType { get; } = new(row.ContentType);

        public MessageBody GetMessageBody<T>(SendContext<T> context)
            where T : class => new BytesMessageBody(row.Body);
    }
}
