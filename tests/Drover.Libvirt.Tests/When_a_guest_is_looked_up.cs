namespace Drover.Libvirt.Tests;

public sealed class When_a_guest_is_looked_up : IDisposable
{
    private readonly TestHost _host = new();

    [Fact]
    public void Name_and_UUID_find_the_same_guest()
    {
        using var byName = _host.Connection.FindGuest(TestHost.GuestName);
        using var byUuid = _host.Connection.FindGuest(TestHost.GuestUuid);
        Assert.Equal(TestHost.GuestUuid, byName.Uuid);
        Assert.Equal(TestHost.GuestName, byUuid.Name);
    }

    [Fact]
    public void The_list_has_it_running_or_not()
    {
        _host.Destroy();
        using var guest = Assert.Single(_host.Connection.ListGuests());
        Assert.Equal(TestHost.GuestUuid, guest.Uuid);
        Assert.Equal(new GuestStatus(GuestRunState.ShutOff, (int)ShutOffReason.Destroyed), guest.ReadStatus());
    }

    [Fact]
    public void It_says_how_it_is()
    {
        using var guest = _host.Guest();
        Assert.Equal(GuestRunState.Running, guest.ReadStatus().State);
        Assert.Equal(new GuestSize(128L << 20, 2), guest.ReadSize());
        Assert.True(guest.IsPersistent());
        _host.Suspend();
        Assert.Equal(new GuestStatus(GuestRunState.Paused, (int)PausedReason.User), guest.ReadStatus());
    }

    [Fact]
    public void One_that_is_not_there_is_gone()
    {
        var byName = Assert.Throws<LibvirtException>(() => _host.Connection.FindGuest("nobody"));
        var byUuid = Assert.Throws<LibvirtException>(() => _host.Connection.FindGuest(Guid.NewGuid()));
        Assert.True(byName.GuestIsGone && byUuid.GuestIsGone);
    }

    [Fact]
    public void Each_thread_reads_its_own_error()
    {
        using var guest = _host.Guest();
        Parallel.For(0, 4_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            var error = Assert.Throws<LibvirtException>(i % 2 == 0 ? () => _host.Connection.FindGuest("nobody") : guest.Migration.Abort);
            Assert.Equal((i % 2 == 0, i % 2 == 1), (error.GuestIsGone, error.NotSupported));
        });
    }

    [Fact]
    public void Metadata_comes_back_as_it_was_written()
    {
        using var guest = _host.Guest();
        Assert.Null(guest.ReadMetadata("urn:drover:mark:1"));
        guest.WriteMetadata("urn:drover:mark:1", "drover", "<mark attempt=\"1\"/>");
        guest.WriteMetadata("urn:drover:guest:1", "guest", "<guest class=\"batch\">é</guest>");
        guest.WriteMetadata("urn:drover:mark:1", "drover", "<mark epoch=\"2\"/>");
        Assert.Equal("<mark epoch=\"2\"/>", guest.ReadMetadata("urn:drover:mark:1"));
        Assert.Equal("<guest class=\"batch\">é</guest>", guest.ReadMetadata("urn:drover:guest:1"));
    }

    [Fact]
    public void Metadata_can_be_removed_and_stays_when_the_guest_goes_off()
    {
        using var guest = _host.Guest();
        guest.WriteMetadata("urn:a", "a", "<a/>");
        guest.WriteMetadata("urn:b", "b", "<b/>");
        guest.WriteMetadata("urn:b", "b", null);
        _host.Destroy();
        Assert.Equal("<a/>", guest.ReadMetadata("urn:a"));
        Assert.Null(guest.ReadMetadata("urn:b"));
    }

    [Fact]
    public void Moving_it_is_not_supported_by_this_driver()
    {
        using var guest = _host.Guest();
        Action[] calls =
        [
            () => guest.Migration.Run("test:///default", "tcp://127.0.0.1", 8, MigrateFlags.Live | MigrateFlags.PeerToPeer),
            () => guest.Migration.Run("test:///default", null, null, MigrateFlags.PeerToPeer),
            () => guest.Migration.ReadStats(),
            () => guest.Migration.ReadCompletedStats(),
            () => guest.Migration.Abort(),
            () => guest.Migration.ReadDowntimeLimit(),
            () => guest.Migration.SetDowntimeLimit(TimeSpan.FromMilliseconds(30)),
            () => guest.Migration.SetSpeedLimit(64),
        ];
        Assert.All(calls, call => Assert.True(Assert.Throws<LibvirtException>(call) is { NotSupported: true, IsTransient: false }));
    }

    public void Dispose() => _host.Dispose();
}
