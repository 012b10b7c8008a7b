namespace Drover.Store.Outbox;

/// <summary>Addresses without the broker they are on, as kept in rows.</summary>
internal static class ShortAddress
{
    private static readonly string[] ShortSchemes = ["exchange", "queue", "topic"];

    /// <summary><c>rabbitmq://host:5672/vhost/name?type=topic</c> becomes <c>exchange:name?type=topic</c>; what is short already stays.</summary>
    public static string Of(Uri address) =>
        ShortSchemes.Contains(address.Scheme) ? address.ToString() : $"exchange:{EndpointOf(address)}{address.Query}";

    /// <summary>The exchange or endpoint that an address names, without the way to it.</summary>
    public static string EndpointOf(Uri address) => address.AbsolutePath.Split('/')[^1];
}
