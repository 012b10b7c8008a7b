using System.Runtime.InteropServices;
using Drover.Libvirt.Handles;

namespace Drover.Libvirt.Imports;

internal static unsafe partial class Native
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial DomainHandle virDomainLookupByName(ConnectHandle connection, string name);

    [LibraryImport(Library)]
    internal static partial DomainHandle virDomainLookupByUUID(ConnectHandle connection, byte* uuid);

    [LibraryImport(Library)]
    internal static partial int virDomainFree(nint domain);

    /// <summary>The name belongs to the handle: copied, never freed.</summary>
    [LibraryImport(Library)]
    internal static partial nint virDomainGetName(DomainHandle domain);

    [LibraryImport(Library)]
    internal static partial int virDomainGetUUID(DomainHandle domain, byte* uuid);

    [LibraryImport(Library)]
    internal static partial int virDomainGetState(DomainHandle domain, out int state, out int reason, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainGetInfo(DomainHandle domain, out DomainInfo info);

    [LibraryImport(Library)]
    internal static partial int virDomainIsPersistent(DomainHandle domain);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial OwnedString virDomainGetMetadata(DomainHandle domain, int type, string uri, uint flags);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virDomainSetMetadata(DomainHandle domain, int type, string? metadata, string prefix, string uri, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainUndefineFlags(DomainHandle domain, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainGetJobStats(DomainHandle domain, out int type, out nint parameters, out int count, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainAbortJob(DomainHandle domain);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int virDomainMigrateToURI3(DomainHandle domain, string peerUri, TypedParametersHandle parameters, uint count, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainMigrateGetMaxDowntime(DomainHandle domain, out ulong milliseconds, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainMigrateSetMaxDowntime(DomainHandle domain, ulong milliseconds, uint flags);

    [LibraryImport(Library)]
    internal static partial int virDomainMigrateSetMaxSpeed(DomainHandle domain, CULong mebibytesPerSecond, uint flags);

    /// <summary>virDomainInfo; memory in KiB.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct DomainInfo
    {
        internal byte State;
        internal CULong MaxMemory;
        internal CULong Memory;
        internal ushort VirtualCpus;
        internal ulong CpuTime;
    }
}
