using System.Text.Json;
using Drover.Contracts.Agents;
using MassTransit;

namespace Drover.Bus.Serialization;

/// <summary>Makes an <see cref="OrderReturned"/> of an order's envelope, whatever the order's type.</summary>
internal static class ReturnedOrderReader
{
    /// <summary>Null when it is no order to an agent.</summary>
    public static OrderReturned? Read(string host, byte[] body, Headers headers)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var order = document.RootElement.GetProperty("message");
            // "urn:message:Drover.Contracts.Agents:BeginTransfer"
            var type = document.RootElement.GetProperty("messageType")[0].GetString()!;
            return ReturnedOrders.Of(host, type[(type.LastIndexOf(':') + 1)..], order, ReasonOf(headers));
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    // The broker's word: "expired", "rejected", "maxlen" or "delivery_limit".
    private static string ReasonOf(Headers headers)
    {
        var word = headers.TryGetHeader("x-first-death-reason", out var reason) ? reason as string : null;
        return word switch
        {
            "expired" => "no agent took it in its time",
            null => "the broker returned it",
            _ => $"the broker returned it ({word})",
        };
    }
}
