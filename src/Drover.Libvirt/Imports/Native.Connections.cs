using System.Runtime.InteropServices;
using Drover.Libvirt.Handles;

namespace Drover.Libvirt.Imports;

internal static unsafe partial class Native
{
    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial ConnectHandle virConnectOpen(string uri);

    /// <summary>Returns the references that remain: 0 and above is success.</summary>
    [LibraryImport(Library)]
    internal static partial int virConnectClose(nint connection);

    /// <summary>Returns 1 where the transport has no keepalive.</summary>
    [LibraryImport(Library)]
    internal static partial int virConnectSetKeepAlive(ConnectHandle connection, int intervalSeconds, uint count);

    [LibraryImport(Library)]
    internal static partial int virConnectRegisterCloseCallback(
        ConnectHandle connection, delegate* unmanaged<nint, int, nint, void> callback, nint id, delegate* unmanaged<nint, void> free);

    [LibraryImport(Library)]
    internal static partial int virConnectUnregisterCloseCallback(nint connection, delegate* unmanaged<nint, int, nint, void> callback);

    /// <summary>The callback's shape depends on the event: it is passed as a bare pointer, as C does with VIR_DOMAIN_EVENT_CALLBACK.</summary>
    [LibraryImport(Library)]
    internal static partial int virConnectDomainEventRegisterAny(
        ConnectHandle connection, nint everyDomain, int eventId, void* callback, nint id, delegate* unmanaged<nint, void> free);

    [LibraryImport(Library)]
    internal static partial int virConnectDomainEventDeregisterAny(nint connection, int callbackId);

    [LibraryImport(Library)]
    internal static partial int virConnectListAllDomains(ConnectHandle connection, out nint* domains, uint flags);

    [LibraryImport(Library)]
    internal static partial OwnedString virConnectGetHostname(ConnectHandle connection);

    [LibraryImport(Library)]
    internal static partial OwnedString virConnectGetCapabilities(ConnectHandle connection);

    [LibraryImport(Library)]
    internal static partial int virConnectGetLibVersion(ConnectHandle connection, out CULong version);

    [LibraryImport(Library)]
    internal static partial int virConnectGetVersion(ConnectHandle connection, out CULong version);

    [LibraryImport(Library)]
    internal static partial int virNodeGetInfo(ConnectHandle connection, out NodeInfo info);

    [LibraryImport(Library)]
    internal static partial int virNodeGetMemoryStats(ConnectHandle connection, int everyCell, MemoryStat* stats, ref int count, uint flags);

    /// <summary>virNodeInfo; memory in KiB.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NodeInfo
    {
        internal fixed byte Model[32];
        internal CULong Memory;
        internal uint Cpus;
        internal uint Megahertz;
        internal uint Nodes;
        internal uint Sockets;
        internal uint Cores;
        internal uint Threads;
    }

    /// <summary>virNodeMemoryStats; the value in KiB.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MemoryStat
    {
        internal fixed byte Field[80];
        internal ulong Value;
    }
}
