using System.Text.Json;
using Drover.Contracts;
using Drover.Contracts.Agents;

namespace Drover.Bus;

/// <summary>The one place that turns an order to an agent into one that came back, whatever the order's type.</summary>
public static class ReturnedOrders
{
    /// <summary>The order as it came back; null when it is none. A <see cref="HostFloor"/> is about no migration: its id is all zeros, and nobody waits for it.</summary>
    /// <param name="host">The host that did not take it.</param>
    /// <param name="order">The order.</param>
    /// <param name="reason">Why it came back, in words.</param>
    public static OrderReturned? Of(string host, object order, string reason)
    {
        ArgumentNullException.ThrowIfNull(order);
        return Of(host, order.GetType().Name, JsonSerializer.SerializeToElement(order, order.GetType(), ContractsJson.Tolerant), reason);
    }

    /// <summary>The same, of an order as it stands on the wire.</summary>
    internal static OrderReturned? Of(string host, string type, JsonElement order, string reason)
    {
        var named = order.TryGetProperty("migrationId", out var migration);
        return !named && type != nameof(HostFloor) ? null : new OrderReturned
        {
            MigrationId = named ? migration.GetGuid() : Guid.Empty,
            Host = host,
            Order = type,
            Epoch = order.TryGetProperty("epoch", out var epoch) ? epoch.GetInt64() : 0,
            Reason = reason,
        };
    }
}
