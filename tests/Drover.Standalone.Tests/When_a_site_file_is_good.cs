using Drover.Sites;

namespace Drover.Standalone.Tests;

public sealed class When_a_site_file_is_good
{
    [Fact]
    public void Amounts_are_what_they_say()
    {
        var site = SiteFile.Parse(SiteText.Good, "/etc/drover/site.yaml");

        Assert.Equal("/etc/drover/state", site.Data);
        Assert.Equal("http://127.0.0.1:0", site.Listen);
        Assert.Equal(125_000_000, site.Links["lan"]);
        Assert.Equal(["host-a", "host-b", "node-1"], site.Hosts.Select(host => host.Name));
        var web = Assert.Single(Assert.IsType<SiteHost.Simulated>(site.Hosts[0]).Guests);
        Assert.Equal((4L << 30, 1L << 30, 200L << 20, 40L << 20), (web.Memory, web.Used, web.Hot, web.Dirty));
        Assert.Equal("qemu+tcp://10.0.0.2/system", Assert.IsType<SiteHost.Libvirt>(site.Hosts[2]).Peer);
    }

    [Theory]
    [InlineData("10g", 1_250_000_000)]
    [InlineData("100m", 12_500_000)]
    [InlineData("800 Mbit", 100_000_000)]
    [InlineData("1 Gbit/s", 125_000_000)]
    [InlineData("1.5gbit", 187_500_000)]
    [InlineData("100 MiB/s", 104_857_600)]
    public void A_speed_is_written_as_people_do(string text, long bytesPerSecond) => Assert.Equal(bytesPerSecond, Amount.Speed(text));

    [Theory]
    [InlineData("10")]
    [InlineData("1e3 Mbit")]
    [InlineData("ten g")]
    [InlineData("10 gibbits")]
    [InlineData("")]
    public void What_is_no_speed_is_none(string text) => Assert.Null(Amount.Speed(text));

    [Fact]
    public void Defaults_need_not_be_written()
    {
        var site = SiteFile.Parse("links: {lan: 10g}\nhosts:\n  a: {simulated: {memory: 1 GiB, link: lan, guests: {g: {memory: 1 GiB}}}}", "/srv/x.yaml");

        Assert.Equal(("/srv/drover-data", "http://127.0.0.1:8480", 2, 2), (site.Data, site.Listen, site.OutLimit, site.InLimit));
        var guest = Assert.Single(Assert.IsType<SiteHost.Simulated>(Assert.Single(site.Hosts)).Guests);
        Assert.Equal((1L << 30, 0L, 0L, 1), (guest.Used, guest.Hot, guest.Dirty, guest.Processors));
    }

    [Fact]
    public void A_guest_has_the_same_UUID_in_each_reading()
    {
        static Guid Uuid() => Assert.IsType<SiteHost.Simulated>(SiteFile.Parse(SiteText.Good, "/x").Hosts[0]).Guests[0].Uuid;

        Assert.Equal(Uuid(), Uuid());
        Assert.NotEqual(Guid.Empty, Uuid());
    }

    [Fact]
    public void The_example_that_the_program_prints_is_one() =>
        Assert.Equal(["host-a", "host-b"], SiteFile.Parse(SiteFile.Example, "/x").Hosts.Select(host => host.Name));

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("--- # begins\n")]
    public void What_editors_put_before_it_does_no_harm(string before) =>
        Assert.NotEmpty(SiteFile.Parse(before.TrimStart('\uFEFF') + SiteText.Good, "/x").Hosts);
}
