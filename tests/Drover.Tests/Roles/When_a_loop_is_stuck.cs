using System.Collections.Concurrent;
using Drover.Bus;
using Drover.Health;
using Drover.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Time.Testing;
using Serilog;

namespace Drover.Tests.Roles;

public sealed class When_a_loop_is_stuck : ISystemdNotifier
{
    private readonly ConcurrentQueue<string> said = [];
    private readonly FakeTimeProvider time = new();

    [Fact]
    public async Task The_watchdog_is_told_that_the_role_lives_only_while_every_loop_turns()
    {
        var (one, other) = (new Loop(), new Loop());
        await using var services = new ServiceCollection().AddSingleton<IHostedService>(one).AddSingleton<IHostedService>(other).BuildServiceProvider();
        using var watchdog = new Watchdog("agent", TimeSpan.FromSeconds(30), services, this, time, new LoggerConfiguration().CreateLogger());
        await watchdog.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.True(() => said.Count == 1);
        await Looks(one, other);
        Assert.Equal(2, said.Count);

        other.SinceTurn = other.TurnsWithin + TimeSpan.FromSeconds(1);
        await Looks(one, other);
        await Looks(one, other);
        Assert.Equal(2, said.Count);

        other.SinceTurn = TimeSpan.Zero;
        await Looks(one, other);
        Assert.Equal(["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"], said);
        await watchdog.StopAsync(TestContext.Current.CancellationToken);
    }

    bool ISystemdNotifier.IsEnabled => true;

    void ISystemdNotifier.Notify(ServiceState state) => said.Enqueue($"{state}");

    /// <summary>A third of the time that systemd waits; returns when the watchdog has looked at the loops.</summary>
    private async Task Looks(Loop one, Loop other)
    {
        var looked = (one.Looks, Said: said.Count);
        time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.True(() => one.Looks > looked.Looks && (other.SinceTurn > other.TurnsWithin || said.Count > looked.Said));
    }

    private sealed class Loop : IHostedService, ITurning
    {
        private TimeSpan since;

        public int Looks { get; private set; }

        public TimeSpan SinceTurn
        {
            get
            {
                Looks++;
                return since;
            }
            set => since = value;
        }

        public TimeSpan TurnsWithin => TimeSpan.FromSeconds(60);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
