using Drover.Contracts.Agents;
using Drover.Policy.Model;

namespace Drover.Agent.Tests;

public class When_a_coordinator_asks
{
    private static readonly ReportGuest Question = new() { MigrationId = Some.Migration, GuestUuid = Some.Guest, Question = 7 };

    [Fact]
    public async Task The_host_testifies_in_words()
    {
        await using var world = await World.With(hypervisor =>
        {
            hypervisor.Add(Some.RunningGuest(Some.Mark(epoch: 5)));
            hypervisor.Change(Some.Guest, state => state with { Power = GuestPower.ShutOff, Reason = PowerReason.MigrationCancelled });
        });
        await world.Order(Question);
        var report = await world.Hears<GuestReported>();
        Assert.Equal(("host-a", 7), (report.Host, report.Question));
        Assert.Equal(new GuestSighting
        {
            Present = true,
            Power = "shut-off",
            PowerReason = "migration-cancelled",
            Job = "none",
            MarkMigrationId = Some.Migration,
            MarkAttempt = 1,
            MarkEpoch = 5,
        }, report.Sighting);
    }

    [Fact]
    public async Task A_guest_that_is_not_there_is_absent()
    {
        await using var world = await World.With(hypervisor => hypervisor.Remove(Some.Guest));
        await world.Order(Question);
        Assert.Equal(new GuestSighting { Present = false }, (await world.Hears<GuestReported>()).Sighting);
    }

    [Fact]
    public async Task A_libvirt_that_is_away_says_nothing_of_the_guest()
    {
        await using var world = await World.With(hypervisor => hypervisor.Away = "connection refused");
        await world.Order(Question);
        Assert.Equal(new GuestSighting { LibvirtAway = "connection refused" }, (await world.Hears<GuestReported>()).Sighting);
    }

    [Fact]
    public async Task A_libvirt_of_another_host_is_not_spoken_for()
    {
        await using var world = await World.With(hypervisor => hypervisor.Host = hypervisor.Host with { Name = "host-b" });
        await world.Order(Question);
        Assert.Contains("host-b", (await world.Hears<GuestReported>()).Sighting.LibvirtAway, StringComparison.Ordinal);
        Assert.Contains("host-b", (await world.Hears<HostReported>()).LibvirtAway, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_libvirt_of_another_name_is_spoken_for_when_options_say_so()
    {
        await using var world = await World.With(hypervisor => hypervisor.Host = hypervisor.Host with { Name = "node17" }, ("Agent:AllowOtherHostName", "true"));
        await world.Order(Question);
        Assert.True((await world.Hears<GuestReported>()).Sighting.Present);
    }

    [Fact]
    public async Task A_running_guest_can_leave()
    {
        await using var world = await World.With();
        await world.Order(new CheckSource { MigrationId = Some.Migration, Attempt = 1, Epoch = 5, GuestUuid = Some.Guest });
        var check = await world.Hears<SourceChecked>();
        Assert.Null(check.Refusal);
        Assert.True(check.Persistent);
    }

    [Fact]
    public async Task A_free_destination_says_how_it_is_reached()
    {
        await using var world = await World.With(hypervisor => hypervisor.Remove(Some.Guest));
        await world.Order(Some.CheckDestination());
        var check = await world.Hears<DestinationChecked>();
        Assert.Equal((null, "qemu+tcp://10.0.0.1/system"), (check.Refusal, check.PeerUri));
    }

    [Theory]
    [InlineData("web-1", GuestPower.ShutOff, true)]
    [InlineData("web-1", GuestPower.Running, false)]
    [InlineData("web-1", GuestPower.Crashed, false)]
    [InlineData("other-name", GuestPower.ShutOff, false)]
    public async Task Only_a_definition_of_the_same_guest_that_is_off_may_be_there(string name, GuestPower power, bool comes)
    {
        await using var world = await World.With(hypervisor =>
        {
            hypervisor.Add(Some.RunningGuest() with { Name = name });
            hypervisor.Change(Some.Guest, state => state with { Power = power });
        });
        await world.Order(Some.CheckDestination());
        Assert.Equal(comes, (await world.Hears<DestinationChecked>()).Refusal is null);
    }

    [Fact]
    public async Task A_name_that_another_guest_has_is_refused_though_that_is_off()
    {
        await using var world = await World.With(hypervisor =>
        {
            hypervisor.Remove(Some.Guest);
            var other = Some.RunningGuest() with { Uuid = Guid.NewGuid() };
            hypervisor.Add(other);
            hypervisor.Change(other.Uuid, state => state with { Power = GuestPower.ShutOff });
        });
        await world.Order(Some.CheckDestination());
        Assert.Contains("another guest", (await world.Hears<DestinationChecked>()).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_that_does_not_fit_is_refused_with_both_numbers()
    {
        await using var world = await World.With(hypervisor =>
        {
            hypervisor.Remove(Some.Guest);
            hypervisor.Host = hypervisor.Host with { FreeMemoryBytes = 999 };
        });
        await world.Order(Some.CheckDestination(memory: 1000));
        var refusal = (await world.Hears<DestinationChecked>()).Refusal;
        Assert.Contains("999", refusal, StringComparison.Ordinal);
        Assert.Contains("1000", refusal, StringComparison.Ordinal);
    }
}
