using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using Drover.Hypervisors.Libvirt;

namespace Drover.Hypervisors.Tests.Libvirt;

public sealed class When_libvirt_is_away
{
    private static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_fail_at_once_with_the_reason()
    {
        await using var hypervisor = new LibvirtHypervisor(new LibvirtOptions { Uri = "qemu+unix:///system?socket=/nonexistent/socket" });
        var error = await Assert.ThrowsAsync<HypervisorException>(() => hypervisor.ListGuestsAsync(Test));
        Assert.Equal(HypervisorFailure.Unavailable, error.Kind);
        Assert.Contains("/nonexistent/socket", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A daemon that is stopped, or a dead machine behind a live switch: the port takes the connection and nothing ever answers.</summary>
    [Fact]
    public async Task One_that_hangs_is_away_after_the_limit()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = ((IPEndPoint)silent.LocalEndpoint).Port;
        await using var hypervisor = new LibvirtHypervisor(new LibvirtOptions { Uri = $"qemu+tcp://127.0.0.1:{port}/system", CallTimeout = TimeSpan.FromMilliseconds(200) });
        var error = await Assert.ThrowsAsync<HypervisorException>(() => hypervisor.ListGuestsAsync(Test));
        Assert.Equal(HypervisorFailure.Unavailable, error.Kind);
    }

    [Fact]
    public void The_shipped_options_are_within_their_own_ranges()
    {
        var options = new LibvirtOptions();
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        options.KeepAliveCount = 0;
        Assert.Throws<ValidationException>(() => Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true));
    }
}
