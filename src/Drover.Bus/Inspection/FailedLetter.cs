using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Drover.Contracts.Views;
using MassTransit;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Drover.Bus;

/// <summary>One message of an error queue. MassTransit writes the reason into its headers.</summary>
internal sealed class FailedLetter(BasicDeliverEventArgs got)
{
    private const int MostBody = 64 << 10;

    // What MassTransit adds when it sets a message aside, and what the broker adds on its way.
    private static readonly string[] _ofTheFailure = ["MT-Fault-", "MT-Reason", "x-death", "x-first-death", "x-last-death", "x-delivery-count"];

    private readonly byte[] _body = got.Body.ToArray();

    /// <summary>The same each time it is looked at: made of the sender's message-id and the body, since strangers give none, or one to all.</summary>
    public string Id => field ??= IdOf(got.BasicProperties.MessageId, _body);

    public ulong DeliveryTag => got.DeliveryTag;

    public string RoutingKey => got.RoutingKey;

    public byte[] Body => _body;

    public DateTimeOffset? FailedAt => DateTimeOffset.TryParse(Header(MessageHeaders.FaultTimestamp), out var at) ? at.ToUniversalTime() : null;

    /// <summary>The properties that it was sent with. Its time to live begins anew: it has none.</summary>
    public BasicProperties PropertiesBefore() => new((IReadOnlyBasicProperties)got.BasicProperties)
    {
        Expiration = null,
        Persistent = true,
        Headers = got.BasicProperties.Headers?.Where(header => !_ofTheFailure.Any(name => header.Key.StartsWith(name, StringComparison.Ordinal))).ToDictionary(),
    };

    public FailedMessageView View(string queue) => new()
    {
        Id = Id,
        Queue = queue,
        Type = TypeOf(_body) ?? (RoutingKey is { Length: > 0 } key && key != queue ? key : null),
        MessageId = got.BasicProperties.MessageId,
        FailedAt = FailedAt,
        Reason = Header(MessageHeaders.FaultMessage) ?? (Header(MessageHeaders.Reason) == "dead-letter" ? "no consumer takes this type" : Header(MessageHeaders.Reason)) ?? "it does not say",
        Exception = Header(MessageHeaders.FaultExceptionType),
        Trace = Header(MessageHeaders.FaultStackTrace),
        Body = Encoding.UTF8.GetString(_body.AsSpan(0, Math.Min(_body.Length, MostBody))),
    };

    private string? Header(string name) => got.BasicProperties.Headers?.TryGetValue(name, out var value) == true
        ? value switch { byte[] text => Encoding.UTF8.GetString(text), null => null, var other => other.ToString() }
        : null;

    private static string IdOf(string? messageId, byte[] body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(messageId ?? ""));
        hash.AppendData([0]);
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    private static string? TypeOf(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.GetProperty("messageType")[0].GetString()?.Split(':')[^1];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
