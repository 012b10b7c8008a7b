using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Drover.Libvirt.Tests;

/// <summary>A host of libvirt's test driver with guests of its own, so that tests do not meet. What Drover never does to a guest is done here, past our bindings.</summary>
public sealed class TestHost : IDisposable
{
    public static readonly Guid GuestUuid = Guid.Parse("6695eb01-f6a4-8304-79aa-97f2502e193f");
    public const string GuestName = "swallow";
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"drover-{Guid.NewGuid():N}.xml");

    public TestHost()
    {
        File.WriteAllText(_file, $"""
            <node>
              <domain type="test">
                <name>{GuestName}</name>
                <uuid>{GuestUuid}</uuid>
                <memory unit="MiB">256</memory>
                <currentMemory unit="MiB">128</currentMemory>
                <vcpu>2</vcpu>
                <os><type>hvm</type></os>
              </domain>
              <cpu><mhz>1400</mhz><model>i686</model><active>4</active><nodes>1</nodes><sockets>1</sockets><cores>4</cores><threads>1</threads></cpu>
              <memory>4194304</memory>
            </node>
            """);
        Connection = HostConnection.Open($"test://{_file}", TimeSpan.FromSeconds(5), 5);
        Events = Connection.Watch();
    }

    public HostConnection Connection { get; }

    public ChannelReader<HostEvent> Events { get; }

    public Guest Guest() => Connection.FindGuest(GuestName);

    public void Suspend() => OnGuest(virDomainSuspend);

    public void Resume() => OnGuest(virDomainResume);

    public void Destroy() => OnGuest(virDomainDestroy);

    public async Task<HostEvent> NextEvent()
    {
        using var patience = new CancellationTokenSource(Soon);
        return await Events.ReadAsync(patience.Token);
    }

    public void Dispose()
    {
        Connection.Dispose();
        File.Delete(_file);
    }

    private void OnGuest(Func<nint, int> call)
    {
        using var connection = new Borrowed(Connection.Handle);
        var domain = virDomainLookupByName(connection.Pointer, GuestName);
        try
        {
            Assert.Equal(0, call(domain));
        }
        finally
        {
            _ = virDomainFree(domain);
        }
    }

    private sealed class Borrowed : IDisposable
    {
        private readonly SafeHandle _handle;

        public Borrowed(SafeHandle handle)
        {
            var held = false;
            _handle = handle;
            _handle.DangerousAddRef(ref held);
        }

        public nint Pointer => _handle.DangerousGetHandle();

        public void Dispose() => _handle.DangerousRelease();
    }

    [DllImport("libvirt.so.0")]
    private static extern nint virDomainLookupByName(nint connection, [MarshalAs(UnmanagedType.LPUTF8Str)] string name);

    [DllImport("libvirt.so.0")]
    private static extern int virDomainFree(nint domain);

    [DllImport("libvirt.so.0")]
    private static extern int virDomainSuspend(nint domain);

    [DllImport("libvirt.so.0")]
    private static extern int virDomainResume(nint domain);

    [DllImport("libvirt.so.0")]
    private static extern int virDomainDestroy(nint domain);
}
