namespace Drover.Store.Hosts;

/// <summary>What a host's agent last said. Upserted in batches; only its edges (silent, back, restarted) reach the host's saga.</summary>
public sealed class HostReportRow
{
    /// <summary>The host.</summary>
    public string Host { get; set; } = null!;

    /// <summary>The agent process that reported.</summary>
    public Guid AgentId { get; set; }

    /// <summary>That process's report number.</summary>
    public long Report { get; set; }

    /// <summary>The number of its report that the inventory is from: reports overtake each other, and a later one without an inventory makes none of them stale.</summary>
    public long InventoryReport { get; set; }

    /// <summary>When it arrived, by the coordinator's clock: hosts' clocks are not compared.</summary>
    public DateTimeOffset LastReportAt { get; set; }

    /// <summary>The silence was seen and told to the host's saga.</summary>
    public bool Silent { get; set; }

    /// <summary>Why libvirt could not be asked; null when it answered.</summary>
    public string? LibvirtAway { get; set; }

    /// <summary>The host's facts without its guests, as JSON; null until the first.</summary>
    public string? Inventory { get; set; }
}
