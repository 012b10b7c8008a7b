namespace Drover.Store.Migrations;

/// <summary>What stays of a migration that retention has taken: enough to know its id again, for ever. About a hundred bytes.</summary>
public sealed class TombstoneRow
{
    /// <summary>The migration.</summary>
    public Guid MigrationId { get; set; }

    /// <summary>Digest of its request's body: the same id with another digest is another request.</summary>
    public string BodyDigest { get; set; } = null!;

    /// <summary>When it had ended.</summary>
    public DateTimeOffset EndedAt { get; set; }
}
