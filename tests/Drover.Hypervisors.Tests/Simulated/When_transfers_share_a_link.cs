using Drover.Hypervisors.Simulated;
using Drover.Hypervisors.Simulated.Physics;
using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated;

public sealed class When_transfers_share_a_link
{
    private static WorldPlan TwoGuests => Plan(Guest(), Guest(Db, "db"));

    [Fact]
    public async Task Two_from_one_host_take_twice_as_long()
    {
        await using var alone = new Site(TwoGuests);
        var solo = (await alone.Over(alone.Move())).Totals!.Elapsed;

        await using var site = new Site(TwoGuests);
        var (web, db) = (site.Move("host-b"), site.Move("host-c", Db));
        var both = new[] { (await site.Over(web)).Totals!.Elapsed, (await site.Over(db)).Totals!.Elapsed };
        Assert.All(both, took => Assert.InRange(took / solo, 1.85, 2.1));
    }

    [Fact]
    public async Task Opposite_ways_do_not_disturb_each_other()
    {
        await using var site = new Site(Plan(Guest(), Guest(Db, "db", "host-b")));
        var (web, db) = (site.Move(), site.Move("host-a", Db, from: site.B));
        site.Pass(2);
        Assert.Equal(site.Transfer(Web)!.BytesPerSecond, site.Transfer(Db)!.BytesPerSecond);
        Assert.InRange(site.Transfer(Web)!.BytesPerSecond, (long)(Speed / 1.05), Speed);
        Assert.True((await site.Over(web)).Success && (await site.Over(db)).Success);
    }

    [Fact]
    public async Task When_one_ends_the_other_has_the_link_alone()
    {
        await using var site = new Site(Plan(Guest(memory: 64 * MiB), Guest(Db, "db")));
        var (web, db) = (site.Move(), site.Move("host-b", Db));
        await site.Over(web);
        Assert.InRange(site.Transfer(Db)!.BytesPerSecond, (long)(Speed / 1.05), Speed);
        // The link is never idle: both together take the bytes of both.
        var floor = (64 + 512) * MiB * 1.045 / Speed;
        Assert.InRange((await site.Over(db)).Totals!.Elapsed.TotalSeconds, floor, floor + 0.6);
    }

    [Fact]
    public async Task A_cap_holds_in_whole_MiB_and_leaves_the_rest_to_others()
    {
        await using var site = new Site(TwoGuests);
        var (web, db) = (site.Move(cap: (10 * MiB) + 12345), site.Move("host-c", Db));
        site.Pass(2);
        Assert.Equal(10 * MiB, site.Transfer(Web)!.BytesPerSecond);
        Assert.Equal((long)((Speed / 1.045) - (10 * MiB)), site.Transfer(Db)!.BytesPerSecond);
        await site.Over(db);
        var capped = await site.Over(web);
        Assert.InRange(capped.Totals!.Elapsed.TotalSeconds, 50, 52);
    }

    [Fact]
    public async Task A_cap_below_one_MiB_is_one_MiB()
    {
        await using var site = new Site();
        _ = site.Move(cap: 1);
        site.Pass(2);
        Assert.Equal(MiB, site.Transfer()!.BytesPerSecond);
    }

    [Fact]
    public async Task Hosts_on_one_link_share_it_and_each_is_limited_by_its_own_end()
    {
        var plan = TwoGuests with
        {
            Links = [new LinkPlan("site", Speed)],
            Hosts = [.. TwoGuests.Hosts.Select(host => host with { Link = "site", BytesPerSecond = host.Name == "host-b" ? Speed / 5 : null })],
        };
        await using var site = new Site(plan);
        _ = site.Move("host-b");
        _ = site.Move("host-c", Db);
        site.Pass(2);
        Assert.Equal((long)(Speed / 5 / 1.045), site.Transfer(Web)!.BytesPerSecond);
        Assert.InRange(site.Transfer(Db)!.BytesPerSecond, (long)(Speed * 0.8 / 1.045) - 1, (long)(Speed * 0.8 / 1.045) + 1);
        Assert.Equal(100, Assert.Single((await site.B.DescribeHostAsync(Test)).Links).SpeedMbit);
    }

    [Fact]
    public void Shares_are_max_min_fair()
    {
        double[] rates = FairShare.Of([new Flow([0], 20), new Flow([0], double.PositiveInfinity), new Flow([0, 1], double.PositiveInfinity)], [100, 30]);
        Assert.Equal([20, 50, 30], rates);
    }
}
