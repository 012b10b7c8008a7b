namespace Drover.Contracts.Agents;

/// <summary>What one host's libvirt says of one guest. Names are libvirt's own notions in kebab case; an unknown name means "other" to its reader.</summary>
public sealed record GuestSighting
{
    /// <summary>Why libvirt could not be asked; null when it answered.</summary>
    public string? LibvirtAway { get; init; }

    /// <summary>Whether libvirt knows the guest.</summary>
    public bool Present { get; init; }

    /// <summary>Power state: <c>running</c>, <c>paused</c>, <c>shut-off</c>, <c>crashed</c>, <c>other</c>.</summary>
    public string? Power { get; init; }

    /// <summary>Why: <c>migrated</c>, <c>migration-cancelled</c>, <c>migration</c>, <c>post-copy</c>, <c>post-copy-failed</c>, <c>user</c>, <c>shutdown</c>, <c>destroyed</c>, <c>crashed</c>, <c>failed</c>, <c>other</c>.</summary>
    public string? PowerReason { get; init; }

    /// <summary>The job on it: <c>none</c>, <c>migration-out</c>, <c>migration-in</c>, <c>other</c>.</summary>
    public string? Job { get; init; }

    /// <summary>The migration that its mark names.</summary>
    public Guid? MarkMigrationId { get; init; }

    /// <summary>The attempt that its mark names.</summary>
    public int? MarkAttempt { get; init; }

    /// <summary>The highest epoch that its mark has seen.</summary>
    public long? MarkEpoch { get; init; }
}
