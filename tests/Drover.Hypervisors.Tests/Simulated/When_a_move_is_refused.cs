using Drover.Hypervisors.Simulated;
using static Drover.Hypervisors.Tests.Simulated.Site;

namespace Drover.Hypervisors.Tests.Simulated;

public sealed class When_a_move_is_refused
{
    [Theory]
    [InlineData("sim://host-a", "same host")]
    [InlineData("sim://host-z", "Name or service not known")]
    [InlineData("qemu+tcp://host-b/system", "Name or service not known")]
    public async Task An_address_that_leads_nowhere_is_named(string peer, string words)
    {
        await using var site = new Site();
        var end = await site.A.TransferAsync(To("host-b") with { PeerUri = peer }, Test);
        Assert.False(end.Success);
        Assert.Contains(words, end.Error, StringComparison.Ordinal);
        Assert.Null(site.Transfer());
    }

    [Fact]
    public async Task A_guest_that_is_not_there_cannot_leave()
    {
        await using var site = new Site();
        var gone = await Assert.ThrowsAsync<HypervisorException>(() => site.Move("host-a", from: site.B));
        Assert.Equal(HypervisorFailure.GuestGone, gone.Kind);
    }

    [Fact]
    public async Task One_that_is_off_cannot_leave()
    {
        await using var site = new Site();
        site.World.Shutdown(Web);
        Assert.Contains("not running", (await site.Move()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_moves_already_cannot_leave_again()
    {
        await using var site = new Site();
        _ = site.Move();
        Assert.Contains("already running", (await site.Move("host-c")).Error, StringComparison.Ordinal);
        Assert.Single(site.World.Look().Transfers);
    }

    [Fact]
    public async Task The_destination_needs_the_memory()
    {
        var plan = Plan(Guest(), Guest(Db, "db", "host-b", memory: 7800 * MiB));
        await using var site = new Site(plan);
        Assert.Contains("Cannot allocate memory", (await site.Move()).Error, StringComparison.Ordinal);
        Assert.Null(await site.B.FindGuestAsync(Web, Test));
    }

    [Fact]
    public async Task A_destination_whose_daemon_is_away_cannot_be_reached()
    {
        await using var site = new Site();
        site.World.StopDaemon("host-b");
        Assert.Contains("Connection refused", (await site.Move()).Error, StringComparison.Ordinal);
        site.World.StopHost("host-b");
        Assert.Contains("No route to host", (await site.Move()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_cannot_go_back_before_its_first_host_has_let_go_of_it()
    {
        await using var site = new Site();
        var moving = site.Move();
        site.PassUntilStage("letting-go");
        Assert.Contains("already active", (await site.Move("host-a", from: site.B)).Error, StringComparison.Ordinal);
        await site.Over(moving);
        Assert.True((await site.Over(site.Move("host-a", from: site.B))).Success);
    }

    [Fact]
    public async Task A_definition_that_was_left_behind_is_replaced()
    {
        await using var site = new Site();
        await site.Over(site.Move(persistent: false));
        Assert.True((await site.Over(site.Move("host-a", from: site.B))).Success);
        Assert.True((await site.A.FindGuestAsync(Web, Test))!.Persistent);
    }

    [Theory]
    [MemberData(nameof(BadPlans))]
    public void A_plan_that_no_world_can_have_is_refused_with_a_sentence(string words, WorldPlan plan)
    {
        var error = Assert.Throws<WorldPlanException>(() => SimulatedWorld.Open(plan, null, TimeProvider.System));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, WorldPlan> BadPlans => new()
    {
        { "at least one host", Plan() with { Hosts = [] } },
        { "there is no such host", Plan(Guest(host: "host-z")) },
        { "is there twice", Plan(Guest(), Guest(Db)) },
        { "is there twice", Plan(Guest(), Guest(Web, "other")) },
        { "memory above 0", Plan(Guest(memory: -1)) },
        { "hot set", Plan(Guest(nonZero: 10, hot: 11)) },
        { "non-zero", Plan(Guest(memory: 10, nonZero: 11)) },
        { "its guests need", Plan(Guest(memory: 9000 * MiB)) },
        { "there is no such link", Plan() with { Links = [] } },
        { "speed above 0", Plan() with { Links = [.. Plan().Links.Select(link => link with { BytesPerSecond = 0 })] } },
        { "cannot stand in an address", Plan() with { Hosts = [Plan().Hosts[0] with { Name = "a b" }] } },
    };
}
