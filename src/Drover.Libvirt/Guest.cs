using Drover.Libvirt.Handles;
using Drover.Libvirt.Imports;

namespace Drover.Libvirt;

/// <summary>
/// One guest on one connection. Every member is a call that waits for libvirt, from microseconds to its lock's 30 s, and throws
/// <see cref="LibvirtException"/>; callers bound them, and make one at a time per connection.
/// </summary>
public sealed class Guest : IDisposable
{
    private const int Element = 2; // VIR_DOMAIN_METADATA_ELEMENT
    private const uint Current = 0; // VIR_DOMAIN_AFFECT_CURRENT
    private const uint Live = 1; // VIR_DOMAIN_AFFECT_LIVE
    private const uint Config = 2; // VIR_DOMAIN_AFFECT_CONFIG
    private const uint KeepNvram = 8; // VIR_DOMAIN_UNDEFINE_KEEP_NVRAM
    private const uint KeepTpm = 64; // VIR_DOMAIN_UNDEFINE_KEEP_TPM
    private const long KiB = 1024;

    private readonly DomainHandle _domain;

    internal Guest(DomainHandle domain)
    {
        _domain = domain;
        Migration = new MigrationJob(domain);
    }

    /// <summary>Its name on this host.</summary>
    public string Name => _domain.Name();

    /// <summary>Its UUID, the same wherever it runs.</summary>
    public Guid Uuid => _domain.Uuid();

    /// <summary>Its move to another host.</summary>
    public MigrationJob Migration { get; }

    /// <summary>State and reason.</summary>
    public GuestStatus ReadStatus()
    {
        LibvirtException.Check(Native.virDomainGetState(_domain, out var state, out var reason, flags: 0));
        return new GuestStatus((GuestRunState)state, reason);
    }

    /// <summary>Memory and virtual CPUs.</summary>
    public GuestSize ReadSize()
    {
        LibvirtException.Check(Native.virDomainGetInfo(_domain, out var info));
        return new GuestSize((long)info.Memory.Value * KiB, info.VirtualCpus);
    }

    /// <summary>Whether its definition stays when it is off.</summary>
    public bool IsPersistent() => LibvirtException.Check(Native.virDomainIsPersistent(_domain)) == 1;

    /// <summary>The metadata element of a namespace as XML text, without the namespace's declaration; null when there is none.</summary>
    /// <param name="uri">The namespace ("urn:drover:mark:1").</param>
    public string? ReadMetadata(string uri)
    {
        try
        {
            return Native.virDomainGetMetadata(_domain, Element, uri, Current).Take();
        }
        catch (LibvirtException e) when (e.MetadataIsMissing)
        {
            return null;
        }
    }

    /// <summary>Replaces the whole metadata element of a namespace, on the running guest and in its kept definition. Waits and fails while a migration runs.</summary>
    /// <param name="uri">The namespace.</param>
    /// <param name="prefix">The prefix libvirt shows it under.</param>
    /// <param name="xml">One element; null removes it.</param>
    public void WriteMetadata(string uri, string prefix, string? xml)
    {
        var running = ReadStatus().State is not (GuestRunState.ShutOff or GuestRunState.Crashed);
        var flags = (running ? Live : 0) | (IsPersistent() ? Config : 0);
        LibvirtException.Check(Native.virDomainSetMetadata(_domain, Element, xml, prefix, uri, flags));
    }

    /// <summary>
    /// Removes its definition, and keeps its firmware variables and TPM state, which may lie on storage that the guest still uses elsewhere. A guest that is active
    /// goes on, and is then gone when it is off.
    /// </summary>
    public void Undefine() => LibvirtException.Check(Native.virDomainUndefineFlags(_domain, KeepNvram | KeepTpm));

    /// <inheritdoc />
    public void Dispose() => _domain.Dispose();
}
