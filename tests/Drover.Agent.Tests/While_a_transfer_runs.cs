using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Drover.Hypervisors;

namespace Drover.Agent.Tests;

public class While_a_transfer_runs
{
    [Fact]
    public async Task Progress_says_what_moves_and_refers_to_the_announced_sequence()
    {
        await using var world = await World.With(hypervisor => Script(hypervisor, Some.Reading(1, 1, 250, 750), Some.Reading(2, 1, 500, 500)));
        await world.Order(Some.Begin());
        var progress = await world.Hears<MigrationProgressed>(2);

        Assert.Equal((40, 1L, 500L, 500L, 1000L, 250L),
            (progress.Percent, progress.Pass, progress.RemainingBytes, progress.TransferredBytes, progress.TotalBytes, progress.BytesPerSecond));
        Assert.Equal((4L, "blue", Visibility.Tenant, TransferPhase.PreCopy, TimeSpan.FromMilliseconds(50)),
            (progress.AfterSequence, progress.Tenant, progress.Visibility, progress.Phase, progress.DowntimeLimit));
    }

    [Fact]
    public async Task The_downtime_limit_doubles_from_pass_3_on_up_to_the_greatest()
    {
        await using var world = await World.With(hypervisor => Script(hypervisor, [.. Enumerable.Range(1, 8).Select(pass => Some.Reading(pass, pass, pass * 900, 100))]));
        await world.Order(Some.Begin());
        await world.Until(() => world.Hypervisor.Limit(Some.Guest).TotalMilliseconds >= 500, "the greatest limit");
        await world.Readings(2);
        Assert.Equal([50, 100, 200, 400, 500], world.Hypervisor.LimitsSet.Select(limit => limit.TotalMilliseconds));
    }

    [Fact]
    public async Task The_percent_never_goes_backwards_though_what_remains_is_a_saw_tooth()
    {
        await using var world = await World.With(hypervisor => Script(hypervisor,
            Some.Reading(1, 1, 500, 500), Some.Reading(2, 1, 990, 10), Some.Reading(3, 1, 990, 300), Some.Reading(4, 2, 1500, 600), Some.Reading(5, 2, 2000, 5), Some.Reading(6, 3, 2500, 700)));
        await world.Order(Some.Begin());
        await world.Hears<MigrationProgressed>(6);
        var percents = world.Heard<MigrationProgressed>().Select(progress => progress.Percent).ToList();
        Assert.Equal(percents.Order(), percents);
        Assert.InRange(percents[^1], 81, 99);
    }

    [Fact]
    public async Task Libvirt_may_be_away_for_a_while()
    {
        await using var world = await World.With();
        await world.Order(Some.Begin());
        await world.Hears<TransferBegan>();
        world.Hypervisor.Away = "connection refused";
        await world.Until(() => world.Heard<HostReported>().Any(report => report.LibvirtAway is not null), "a report that libvirt is away");
        Assert.Empty(world.Heard<TransferEnded>());

        world.Hypervisor.Away = null;
        await world.Hears<MigrationProgressed>(world.Heard<MigrationProgressed>().Count + 1);
        world.Hypervisor.End(Some.Guest, new TransferEnd(true, null, Some.Totals));
        Assert.Null((await world.Hears<TransferEnded>()).Error);
    }

    private static void Script(ScriptedHypervisor hypervisor, params Drover.Policy.Model.Sample[] readings)
    {
        hypervisor.Readings.Clear();
        foreach (var reading in readings)
            hypervisor.Readings.Enqueue(reading);
    }
}
