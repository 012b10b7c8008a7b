using System.Runtime.InteropServices;
using Drover.Libvirt.Imports;

namespace Drover.Libvirt.Handles;

/// <summary>A virDomainPtr. It keeps its connection open inside libvirt until it is freed.</summary>
internal sealed unsafe class DomainHandle : SafeHandle
{
    private const int UuidBytes = 16;
    private static int s_open;
    private bool _counted;

    public DomainHandle() : base(0, ownsHandle: true)
    {
    }

    private DomainHandle(nint domain, bool owns) : base(0, owns) => SetHandle(domain);

    /// <summary>Domain handles that are open in this process: the leak test counts them.</summary>
    internal static int Open => Volatile.Read(ref s_open);

    public override bool IsInvalid => handle == 0;

    /// <summary>A domain that a callback was given: libvirt frees it when the callback returns.</summary>
    internal static DomainHandle Borrow(nint domain) => new(domain, owns: false);

    internal static DomainHandle ByName(ConnectHandle connection, string name) => Native.virDomainLookupByName(connection, name).Own();

    internal static DomainHandle ByUuid(ConnectHandle connection, Guid uuid)
    {
        var bytes = stackalloc byte[UuidBytes];
        uuid.TryWriteBytes(new Span<byte>(bytes, UuidBytes), bigEndian: true, out _);
        return Native.virDomainLookupByUUID(connection, bytes).Own();
    }

    /// <summary>Every domain, running or not. The array is ours to free, and each handle in it.</summary>
    internal static IReadOnlyList<DomainHandle> All(ConnectHandle connection)
    {
        var count = LibvirtException.Check(Native.virConnectListAllDomains(connection, out var domains, flags: 0));
        try
        {
            var handles = new DomainHandle[count];
            for (var i = 0; i < count; i++)
            {
                handles[i] = new DomainHandle(domains[i], owns: true).Own();
            }

            return handles;
        }
        finally
        {
            NativeMemory.Free(domains);
        }
    }

    internal string Name() => Marshal.PtrToStringUTF8(Native.virDomainGetName(this)) ?? throw LibvirtException.Last();

    internal Guid Uuid()
    {
        var bytes = stackalloc byte[UuidBytes];
        LibvirtException.Check(Native.virDomainGetUUID(this, bytes));
        return new Guid(new ReadOnlySpan<byte>(bytes, UuidBytes), bigEndian: true);
    }

    protected override bool ReleaseHandle()
    {
        if (_counted)
        {
            Interlocked.Decrement(ref s_open);
        }

        return Native.virDomainFree(handle) == 0;
    }

    private DomainHandle Own()
    {
        if (IsInvalid)
        {
            throw LibvirtException.Last();
        }

        _counted = true;
        Interlocked.Increment(ref s_open);
        return this;
    }
}
