namespace Drover.Libvirt.Tests;

public sealed class When_a_host_is_asked : IDisposable
{
    private readonly TestHost _host = new();

    [Fact]
    public void It_gives_its_name_and_processors()
    {
        Assert.NotEmpty(_host.Connection.ReadHostName());
        Assert.Equal(4, _host.Connection.ReadProcessors());
    }

    [Fact]
    public void It_gives_its_versions()
    {
        Assert.True(_host.Connection.ReadLibvirtVersion() >= new Version(8, 0, 0));
        Assert.Equal(new Version(0, 0, 2), _host.Connection.ReadHypervisorVersion());
        Assert.Equal(new Version(9, 12, 345), HostConnection.Decode(9_012_345));
    }

    [Fact]
    public void Its_UUID_is_the_one_of_its_capabilities()
    {
        Assert.Null(_host.Connection.ReadHostUuid());
        Assert.Equal(
            Guid.Parse("11111111-2222-3333-4444-555555555555"),
            HostConnection.FindHostUuid("<capabilities><host><uuid>11111111-2222-3333-4444-555555555555</uuid><cpu/></host><guest/></capabilities>"));
    }

    [Fact]
    public void What_its_driver_cannot_do_is_not_supported()
        => Assert.True(Assert.Throws<LibvirtException>(() => _host.Connection.ReadMemory()).NotSupported);

    [Theory]
    [InlineData("nonsense:///default")]
    [InlineData("qemu+unix:///system?socket=/nonexistent/socket")]
    [InlineData("qemu+tcp://127.0.0.1:1/system")]
    public void A_host_that_is_not_there_is_a_connection_that_may_come_back(string uri)
    {
        var error = Assert.Throws<LibvirtException>(() => HostConnection.Open(uri, TimeSpan.FromSeconds(5), 5));
        Assert.NotEmpty(error.Message);
        Assert.True(error.IsConnectionLost && error.IsTransient);
    }

    [Fact]
    public void Calls_after_disposal_do_not_reach_libvirt()
    {
        _host.Connection.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _host.Connection.ReadHostName());
    }

    public void Dispose() => _host.Dispose();
}
