using System.Text.Json;
using Drover.Bus.Serialization;
using Drover.Contracts.Agents;
using MassTransit;
using MassTransit.Serialization;

namespace Drover.Bus;

/// <summary>An order that the broker could route to no queue, read from what was to be sent.</summary>
public static class UnroutableOrder
{
    /// <summary>The order as one that came back; null when the message is not an agent's order.</summary>
    /// <param name="body">The envelope that was to be sent.</param>
    /// <param name="properties">The transport's properties beside it, as JSON: the routing key among them is the host.</param>
    public static OrderReturned? Read(byte[] body, string? properties)
    {
        if (properties is null)
            return null;
        using var document = JsonDocument.Parse(properties);
        var host = document.RootElement.EnumerateObject().FirstOrDefault(property => property.Name.EndsWith("RoutingKey", StringComparison.OrdinalIgnoreCase)).Value;
        return host.ValueKind == JsonValueKind.String && ReturnedOrderReader.Read(host.GetString()!, body, EmptyHeaders.Instance) is { } order
            ? order with { Reason = "no agent has ever made a queue for this host, or its queue is gone" }
            : null;
    }
}
