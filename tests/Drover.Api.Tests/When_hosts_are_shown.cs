using System.Net;
using Drover.Store.Admission;

namespace Drover.Api.Tests;

public sealed class When_hosts_are_shown(ApiUnderTest api) : IClassFixture<ApiUnderTest>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await api.Add(
            Some.Host("host-b", silent: true, libvirtAway: "no answer"), Some.Host("host-a"), Some.Host("host-c", libvirtAway: "no answer"),
            Some.Lane("out:host-a", "host-a", 3), Some.Lane("in:host-a", "host-a"),
            Some.Guest("host-a"), Some.Guest("host-a"), Some.Guest("host-a", "shut-off"));
        var migration = Guid.NewGuid();
        await api.Add(
            new SlotRow { Lane = "out:host-a", Number = 1, MigrationId = migration }, new SlotRow { Lane = "in:host-a", Number = 1, MigrationId = migration },
            new SlotRow { Lane = "out:host-a", Number = 2, MigrationId = Guid.NewGuid() },
            new WaitingRow { MigrationId = Guid.NewGuid(), OutLane = "out:host-a", InLane = "in:host-b", Priority = 5 });
    }

    public async ValueTask DisposeAsync() => await api.Sql("DELETE FROM slot; DELETE FROM lane; DELETE FROM waiting; DELETE FROM host_report; DELETE FROM guest");

    [Fact]
    public async Task They_come_by_name_with_their_presence()
    {
        var (_, body, _) = await api.Get("/v1/hosts");
        Assert.Equal(
            ["host-a present", "host-b silent", "host-c libvirt-away"],
            body.GetProperty("hosts").EnumerateArray().Select(host => $"{host.GetProperty("host").GetString()} {host.GetProperty("presence").GetString()}"));
    }

    [Fact]
    public async Task Each_shows_its_lanes_its_guests_and_what_it_is()
    {
        var (status, host, _) = await api.Get("/v1/hosts/host-a");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            ["in:host-a 1/2 waiting 0", "out:host-a 2/3 waiting 1"],
            host.GetProperty("lanes").EnumerateArray().Select(lane => $"{lane.GetProperty("lane").GetString()} {lane.GetProperty("used")}/{lane.GetProperty("limit")} waiting {lane.GetProperty("waiting")}"));
        Assert.Equal(2, host.GetProperty("guests").GetInt32());
        Assert.Equal("9.0.0", host.GetProperty("libvirtVersion").GetString());
        Assert.Equal(8L << 30, host.GetProperty("memoryBytes").GetInt64());
    }

    [Fact]
    public async Task One_that_never_reported_is_404()
    {
        var (status, body, _) = await api.Get("/v1/hosts/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("unknown-host", body.GetProperty("code").GetString());
    }
}
