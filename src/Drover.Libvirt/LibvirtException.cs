using System.Runtime.InteropServices;
using Drover.Libvirt.Imports;

namespace Drover.Libvirt;

/// <summary>
/// A libvirt call failed. <see cref="Code"/> (virErrorNumber) and <see cref="Domain"/> (virErrorDomain) are libvirt's own numbers, the message its own
/// words; the properties say what a caller can do. No code reads the words.
/// </summary>
/// <param name="code">Libvirt's virErrorNumber.</param>
/// <param name="domain">Libvirt's virErrorDomain: the part of libvirt that raised it.</param>
/// <param name="message">Libvirt's own words.</param>
public sealed class LibvirtException(int code, int domain, string message) : Exception(message)
{
    /// <summary>virErrorNumber; source: libvirt/virterror.h.</summary>
    private enum Number
    {
        Internal = 1,
        NoSupport = 3,
        NoConnect = 5,
        InvalidConnection = 6,
        SystemError = 38,
        Rpc = 39,
        Gnutls = 40,
        NoDomain = 42,
        AuthFailed = 45,
        OperationInvalid = 55,
        ConfigUnsupported = 67,
        OperationTimeout = 68,
        ArgumentUnsupported = 74,
        OperationAborted = 78,
        NoDomainMetadata = 80,
        OperationUnsupported = 84,
        ResourceBusy = 87,
        AuthUnavailable = 94,
    }

    /// <summary>VIR_FROM_RPC: libvirt's wire. Its own errors there are "internal" or "system" ones; the domain tells them from a hypervisor's.</summary>
    private const int Wire = 7;

    /// <summary>Libvirt's virErrorNumber.</summary>
    public int Code { get; } = code;

    /// <summary>Libvirt's virErrorDomain.</summary>
    public int Domain { get; } = domain;

    /// <summary>The guest is not known on this host (any more).</summary>
    public bool GuestIsGone => (Number)Code is Number.NoDomain;

    /// <summary>This driver, hypervisor or guest cannot do it: asking again changes nothing.</summary>
    public bool NotSupported => (Number)Code is Number.NoSupport or Number.ConfigUnsupported or Number.ArgumentUnsupported or Number.OperationUnsupported;

    /// <summary>The driver has no such call at all (libvirt's test driver has none for jobs); the other refusals are about this guest or this host.</summary>
    public bool DriverLacksCall => (Number)Code is Number.NoSupport;

    /// <summary>
    /// The wire to a libvirt daemon broke or could not be made. From a migrate call it may be the wire between the two daemons, and not ours.
    /// </summary>
    public bool IsConnectionLost => (Number)Code switch
    {
        Number.NoConnect or Number.InvalidConnection or Number.Rpc or Number.Gnutls or Number.AuthFailed or Number.AuthUnavailable => true,
        Number.Internal or Number.SystemError => Domain == Wire,
        _ => false,
    };

    /// <summary>The guest is locked by another job for longer than libvirt waits (30 s), or a resource is in use.</summary>
    public bool IsBusy => (Number)Code is Number.OperationTimeout or Number.ResourceBusy;

    /// <summary>The operation was ended by an abort.</summary>
    public bool IsAborted => (Number)Code is Number.OperationAborted;

    /// <summary>The guest is not in a state for this call: it is off, or has no such job, or already has one.</summary>
    public bool IsWrongState => (Number)Code is Number.OperationInvalid;

    /// <summary>The guest has no metadata element of that URI.</summary>
    public bool MetadataIsMissing => (Number)Code is Number.NoDomainMetadata;

    /// <summary>The same call may succeed later.</summary>
    public bool IsTransient => IsConnectionLost || IsBusy;

    /// <summary>This thread's last libvirt error: read in the method that made the call, with nothing in between.</summary>
    internal static LibvirtException Last() => new(
        Native.virGetLastErrorCode(),
        Native.virGetLastErrorDomain(),
        Marshal.PtrToStringUTF8(Native.virGetLastErrorMessage()) ?? "libvirt gave no message");

    internal static int Check(int result) => result < 0 ? throw Last() : result;

    internal static LibvirtException ConnectionLost(string reason) => new((int)Number.Rpc, Wire, reason);

    internal static LibvirtException NotInstalled(string reason) => new((int)Number.NoConnect, Wire, $"{Native.Library} cannot be loaded (Debian package libvirt0): {reason}");
}
