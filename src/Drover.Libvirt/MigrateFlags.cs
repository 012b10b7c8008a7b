namespace Drover.Libvirt;

/// <summary>How a migration is made (libvirt: virDomainMigrateFlags); those that Drover uses.</summary>
[Flags]
public enum MigrateFlags : uint
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>The guest runs while it moves.</summary>
    Live = 1 << 0,

    /// <summary>The source's libvirt drives the move by itself; its client may die.</summary>
    PeerToPeer = 1 << 1,

    /// <summary>The destination keeps the guest's definition.</summary>
    PersistDestination = 1 << 3,

    /// <summary>The source forgets the guest's definition.</summary>
    UndefineSource = 1 << 4,

    /// <summary>A storage error on the guest while it moves ends the move, not the guest.</summary>
    AbortOnError = 1 << 12,
}
