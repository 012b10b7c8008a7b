using System.Diagnostics;
using System.Net;

namespace Drover.Tests.Roles;

/// <summary>With the real program, a real broker and a real database, that are stopped under it and started again.</summary>
[Collection(nameof(Installation))]
public sealed class When_the_broker_or_the_database_goes_away(Installation installation, ITestOutputHelper output) : IAsyncLifetime
{
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(5);

    public async ValueTask InitializeAsync() => await installation.Start();

    public async ValueTask DisposeAsync() => await installation.End();

    [Fact]
    public async Task Without_a_broker_every_role_says_so_idles_and_goes_on_by_itself_when_it_is_back()
    {
        await installation.Broker.Stop();
        await installation.Coordinator.IsNotReady("The bus is away");
        await installation.ApiRole.IsNotReady("The bus is away");
        await installation.Agent.IsNotReady("Not the agent of host-a");
        await Idle();

        // What is accepted meanwhile is kept; what is asked is answered.
        using (var hosts = await installation.Api.GetAsync("v1/hosts", TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.OK, hosts.StatusCode);
        using (var queues = await installation.Api.GetAsync("v1/queues", TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, queues.StatusCode);
        var (status, id) = await installation.Ask();
        Assert.Equal(HttpStatusCode.Accepted, status);

        var since = Stopwatch.StartNew();
        await installation.Broker.StartAgain();
        output.WriteLine($"the broker is back after {since.Elapsed}");
        foreach (var role in installation.Roles)
            await role.IsReady();
        output.WriteLine($"all roles are ready after {since.Elapsed}");
        await installation.Decided(id);
        output.WriteLine($"what was accepted meanwhile is decided after {since.Elapsed}");
    }

    [Fact]
    public async Task Without_a_database_nothing_is_decided_the_roles_idle_and_go_on_by_themselves_when_it_is_back_until_they_are_stopped_under_load()
    {
        await installation.Database.Stop();
        await installation.Coordinator.IsNotReady("The database is away");
        await installation.ApiRole.IsNotReady("The database is away");
        var asked = await installation.AskOnBus(100);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await installation.Ask()).Status);
        await Idle();
        Assert.Equal("ready", installation.Agent.Systemd.Status);

        var since = Stopwatch.StartNew();
        await installation.Database.StartAgain();
        foreach (var role in installation.Roles)
            await role.IsReady();
        output.WriteLine($"all roles are ready after {since.Elapsed}");
        foreach (var id in asked)
            await installation.Decided(id);
        output.WriteLine($"what was asked meanwhile is decided after {since.Elapsed}");

        // And under load each role ends as soon as it is told to.
        await installation.AskOnBus(1000);
        await EachStops();
    }

    [Fact]
    public async Task Each_role_ends_within_five_seconds_of_SIGTERM_without_a_broker()
    {
        await installation.Broker.Stop();
        await installation.Coordinator.IsNotReady("The bus is away");
        await installation.Agent.IsNotReady("Not the agent of host-a");
        await installation.Ask();
        await EachStops();
    }

    [Fact]
    public async Task Each_role_ends_within_five_seconds_of_SIGTERM_without_a_database()
    {
        await installation.Database.Stop();
        await installation.AskOnBus(100);
        await installation.Coordinator.IsNotReady("The database is away");
        await EachStops();
    }

    private async Task EachStops()
    {
        var took = await Task.WhenAll(installation.Roles.Select(role => role.Stop()));
        output.WriteLine($"coordinator, api and agent end after {string.Join(", ", took)}");
        Assert.All(took, time => Assert.InRange(time, TimeSpan.Zero, StopsWithin));
        Assert.All(installation.Roles, role => Assert.Contains("STOPPING=1", role.Systemd.Said));
    }

    /// <summary>
    /// Away is no reason to be busy, nor to grow; and the watchdog hears of each role. A process that is seconds old still compiles itself, so each may need some
    /// windows until one of them is idle; a loop that spins never has one. DROVER_OUTAGE says how many seconds a window lasts.
    /// </summary>
    private async Task Idle()
    {
        var before = installation.Roles.ToDictionary(role => role, role => (role.Memory, role.Systemd.Pings));
        var busy = installation.Roles.ToList();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("DROVER_OUTAGE") ?? "2")));
        for (var windows = 0; busy.Count > 0; windows++)
        {
            Assert.True(windows < 15, $"processes {string.Join(", ", busy.Select(role => role.Id))} are never idle");
            var (cpu, window) = (busy.ToDictionary(role => role, role => role.Cpu), Stopwatch.StartNew());
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            busy.RemoveAll(role =>
            {
                var share = (role.Cpu - cpu[role]) / window.Elapsed;
                output.WriteLine($"process {role.Id}: {share:P1} of a core");
                return share < 0.25;
            });
        }

        foreach (var (role, (memory, pings)) in before)
        {
            output.WriteLine($"process {role.Id}: {memory >> 20} MiB then, {role.Memory >> 20} MiB now, {role.Systemd.Pings - pings} pings");
            Assert.InRange(role.Memory, 0, memory + (64 << 20));
            Assert.InRange(role.Systemd.Pings - pings, 3, 100_000);
        }
    }
}
