using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Tests;

public class When_an_operator_resolves_a_migration
{
    private static readonly Guest Web = Guest.Named("web");
    private readonly Guid id = Guid.CreateVersion7();

    private async Task<Coordination> Unsure(GuestSighting? atSource, GuestSighting? atDestination)
    {
        var coordination = await Coordination.Start(["host-a", "host-b"]);
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b");
        coordination.Agents["host-a"].OnBegin = order => [AgentDouble.Began(order)];
        coordination.Agents["host-a"].OnReport = _ => atSource;
        coordination.Agents["host-b"].OnReport = _ => atDestination;
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "PreCopying");
        await coordination.UntilStateAsTimePasses(id, "Unsure");
        return coordination;
    }

    [Fact]
    public async Task A_silent_source_and_words_that_fit_complete_it()
    {
        await using var coordination = await Unsure(null, AgentDouble.Running(id));
        await coordination.Resolve(id, ResolvedOutcome.Completed, "web runs on host-b");
        var saga = await coordination.UntilStateAsTimePasses(id, "Completed");
        Assert.Contains("anna states that web runs on host-b (looked with virsh)", saga.StateReason, StringComparison.Ordinal);
        Assert.Contains(await coordination.Read(db => db.Journal.Where(entry => entry.Kind == "resolve").ToListAsync()), entry => entry.Reason.Contains("anna", StringComparison.Ordinal));

        // The source may still have an order lying in its queue.
        Assert.Equal(1, await coordination.Read(db => db.Hosts.Where(host => host.Host == "host-a").Select(host => host.EpochFloor).SingleAsync()));
        Assert.Equal(0, await coordination.Read(db => db.Slots.CountAsync()));
    }

    [Fact]
    public async Task Both_silent_and_words_that_fit_fail_it()
    {
        await using var coordination = await Unsure(null, null);
        await coordination.Resolve(id, ResolvedOutcome.Failed, "web runs nowhere");
        await coordination.UntilStateAsTimePasses(id, "Failed");
        Assert.Equal("resolved-by-operator", (await coordination.UntilAnnounced("migration.failed")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_host_that_answers_otherwise_refuses_it()
    {
        await using var coordination = await Unsure(null, AgentDouble.Running(id));
        await coordination.Resolve(id, ResolvedOutcome.Cancelled, "web runs on host-a");
        await coordination.Until(async db =>
        {
            await coordination.LetTimePass();
            return await db.Events.AnyAsync(e => e.RoutingKey == "command.rejected");
        });
        var rejected = await coordination.UntilRejected(id);
        Assert.Equal("statement-contradicted", rejected.GetProperty("code").GetString());
        Assert.Contains("host-b says that the guest runs there", rejected.GetProperty("message").GetString(), StringComparison.Ordinal);
        var saga = await coordination.UntilState(id, "Unsure");
        Assert.Null(saga.Resolution);
        Assert.Equal(2, await coordination.Read(db => db.Slots.CountAsync()));
    }

    [Fact]
    public async Task Two_running_copies_are_resolved_by_nobodys_word()
    {
        await using var coordination = await Unsure(AgentDouble.Running(id), AgentDouble.Running(id));
        await coordination.Resolve(id, ResolvedOutcome.Completed, "web runs on host-b");
        Assert.Equal("statement-contradicted", (await coordination.UntilRejected(id)).GetProperty("code").GetString());
    }

    [Theory]
    [InlineData(ResolvedOutcome.Completed, "yes")]
    [InlineData(ResolvedOutcome.Completed, "db runs on host-b")]
    [InlineData(ResolvedOutcome.Completed, "web runs on host-a")]
    public async Task Words_that_do_not_show_that_they_know_are_refused(ResolvedOutcome outcome, string statement)
    {
        await using var coordination = await Unsure(null, AgentDouble.Running(id));
        await coordination.Resolve(id, outcome, statement);
        Assert.Equal("statement-misfits", (await coordination.UntilRejected(id)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task One_that_is_not_unsure_is_left_to_its_hosts()
    {
        await using var coordination = await Coordination.Start(["host-a", "host-b"]);
        await coordination.Report("host-a", Web);
        await coordination.Report("host-b");
        coordination.Agents["host-a"].OnBegin = order => [AgentDouble.Began(order)];
        await coordination.Migrate(id, Web, "host-b");
        await coordination.UntilState(id, "PreCopying");
        await coordination.Resolve(id, ResolvedOutcome.Completed, "web runs on host-b");
        Assert.Equal("not-unsure", (await coordination.UntilRejected(id)).GetProperty("code").GetString());
    }
}
