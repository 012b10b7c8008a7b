using System.Threading.Channels;
using System.Xml;
using Drover.Libvirt.Handles;
using Drover.Libvirt.Imports;

namespace Drover.Libvirt;

/// <summary>
/// A connection to one host's libvirt. Every member waits for libvirt and throws <see cref="LibvirtException"/>; a hung daemon holds a call until
/// keepalive ends the connection, and holds <see cref="Open"/> for ever: callers bound them. One call at a time: in libvirt's client before 10.3, two
/// threads that wait on one connection can crash the process (CVE-2024-4418; seen with 9.0 when a stopped daemon went on).
/// </summary>
public sealed class HostConnection : IDisposable
{
    private const int EventCapacity = 1024;

    private readonly ConnectHandle _connection;
    private Channel<HostEvent>? _events;

    private HostConnection(ConnectHandle connection) => _connection = connection;

    internal ConnectHandle Handle => _connection;

    /// <summary>Connects, and keeps the connection alive.</summary>
    /// <param name="uri">Libvirt's URI ("qemu:///system").</param>
    /// <param name="keepAliveInterval">Whole seconds between keepalive messages, where the transport has them.</param>
    /// <param name="keepAliveCount">Messages without an answer before the connection is given up.</param>
    public static HostConnection Open(string uri, TimeSpan keepAliveInterval, int keepAliveCount)
    {
        try
        {
            EventLoop.EnsureRunning();
        }
        catch (DllNotFoundException e)
        {
            throw LibvirtException.NotInstalled(e.Message);
        }

        var connection = new HostConnection(ConnectHandle.OpenUri(uri));
        try
        {
            connection.KeepAlive((int)keepAliveInterval.TotalSeconds, keepAliveCount);
            return connection;
        }
        catch (LibvirtException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>
    /// What happens on the host from now on; asked for once per connection. Holds 1024; when the reader is slow the oldest are dropped. It completes when the
    /// connection ends: with a <see cref="LibvirtException"/> when it was lost, without when it was disposed.
    /// </summary>
    public ChannelReader<HostEvent> Watch()
    {
        _events = Channel.CreateBounded<HostEvent>(new BoundedChannelOptions(EventCapacity) { FullMode = BoundedChannelFullMode.DropOldest });
        _connection.Watch(new EventSink(_events.Writer));
        return _events.Reader;
    }

    /// <summary>The host's own name.</summary>
    public string ReadHostName() => Native.virConnectGetHostname(_connection).Take();

    /// <summary>Version of the daemon's libvirt.</summary>
    public Version ReadLibvirtVersion()
    {
        LibvirtException.Check(Native.virConnectGetLibVersion(_connection, out var version));
        return Decode(version.Value);
    }

    /// <summary>Version of the hypervisor (QEMU).</summary>
    public Version ReadHypervisorVersion()
    {
        LibvirtException.Check(Native.virConnectGetVersion(_connection, out var version));
        return Decode(version.Value);
    }

    /// <summary>Libvirt's UUID of the host; null where the driver has none.</summary>
    public Guid? ReadHostUuid() => FindHostUuid(Native.virConnectGetCapabilities(_connection).Take());

    /// <summary>Logical processors.</summary>
    public int ReadProcessors()
    {
        LibvirtException.Check(Native.virNodeGetInfo(_connection, out var info));
        return (int)info.Cpus;
    }

    /// <summary>Physical memory, and the part of it that could be given to a guest now.</summary>
    public HostMemory ReadMemory()
    {
        var stats = _connection.MemoryStats();
        return new HostMemory(
            stats.Where(stat => stat.Name == "total").Sum(stat => stat.KiB) * 1024,
            stats.Where(stat => stat.Name is "free" or "buffers" or "cached").Sum(stat => stat.KiB) * 1024);
    }

    /// <summary>Every guest, running or not; each is the caller's to dispose.</summary>
    public IReadOnlyList<Guest> ListGuests() => [.. DomainHandle.All(_connection).Select(domain => new Guest(domain))];

    /// <summary>The guest of this name.</summary>
    /// <param name="name">Its name.</param>
    public Guest FindGuest(string name) => new(DomainHandle.ByName(_connection, name));

    /// <summary>The guest of this UUID.</summary>
    /// <param name="uuid">Its UUID.</param>
    public Guest FindGuest(Guid uuid) => new(DomainHandle.ByUuid(_connection, uuid));

    /// <summary>Closes; a hung daemon holds this until keepalive ends the connection.</summary>
    public void Dispose()
    {
        _events?.Writer.TryComplete();
        _connection.Dispose();
    }

    /// <summary>Libvirt's number 1000000 a + 1000 b + c: 9000000 is 9.0.0.</summary>
    internal static Version Decode(nuint version) => new((int)(version / 1_000_000), (int)(version / 1_000 % 1_000), (int)(version % 1_000));

    internal static Guid? FindHostUuid(string capabilities)
    {
        using var reader = XmlReader.Create(new StringReader(capabilities), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        return reader.ReadToFollowing("host") && reader.ReadToDescendant("uuid") && Guid.TryParse(reader.ReadElementContentAsString(), out var uuid) ? uuid : null;
    }

    /// <summary>A driver without keepalive (test, and others in this process) has no wire to watch.</summary>
    private void KeepAlive(int seconds, int count)
    {
        try
        {
            LibvirtException.Check(Native.virConnectSetKeepAlive(_connection, seconds, (uint)count));
        }
        catch (LibvirtException e) when (e.NotSupported)
        {
        }
    }
}
