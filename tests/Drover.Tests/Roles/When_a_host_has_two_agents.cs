using System.Diagnostics;

namespace Drover.Tests.Roles;

[Collection(nameof(Installation))]
public sealed class When_a_host_has_two_agents(Installation installation, ITestOutputHelper output) : IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await installation.StartAgent();

    public async ValueTask DisposeAsync() => await installation.End();

    [Fact]
    public async Task One_works_the_other_says_for_whom_it_waits_and_takes_over_within_seconds_of_a_kill()
    {
        var first = installation.Agent;
        var second = installation.BeginAgent("host-a");
        await second.IsNotReady($"Not the agent of host-a: process {first.Id} on {Environment.MachineName}");
        await second.Logs($"process {first.Id} on {Environment.MachineName}");
        Assert.DoesNotContain(second.Lines, line => line.Contains("Connected to libvirt", StringComparison.Ordinal));

        var since = Stopwatch.StartNew();
        await first.Signal("KILL");
        await second.IsReady();
        output.WriteLine($"the second works {since.Elapsed} after the first was killed");
        Assert.InRange(since.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        await second.Logs("Connected to libvirt");
    }

    [Fact]
    public async Task An_agent_says_that_its_libvirt_is_away_idles_and_goes_on_by_itself_when_it_is_back()
    {
        await installation.Libvirt.Stop();
        await installation.Agent.IsNotReady("libvirt is away");
        var cpu = installation.Agent.Cpu;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(2));
        await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        var share = (installation.Agent.Cpu - cpu) / TimeSpan.FromSeconds(2);
        output.WriteLine($"{share:P1} of a core without libvirt");
        Assert.InRange(share, 0, 0.4);

        var since = Stopwatch.StartNew();
        await installation.Libvirt.Start();
        await installation.Agent.IsReady();
        output.WriteLine($"ready {since.Elapsed} after libvirt was started");

        await installation.Libvirt.Stop();
        await installation.Agent.IsNotReady("libvirt is away");
        Assert.InRange(await installation.Agent.Stop(), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}
