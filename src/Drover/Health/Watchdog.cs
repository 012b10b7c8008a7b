using System.Globalization;
using Drover.Bus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace Drover.Health;

/// <summary>
/// Tells systemd's watchdog (<c>WatchdogSec=</c>) that the role lives, for as long as each of its loops turns. A role with a loop that is stuck falls silent,
/// and systemd starts it anew. Being away, broker, database or libvirt stop no loop from turning.
/// </summary>
internal sealed class Watchdog(string role, TimeSpan? every, IServiceProvider services, ISystemdNotifier systemd, TimeProvider time, Serilog.ILogger log) : BackgroundService
{
    private static readonly ServiceState _alive = new("WATCHDOG=1");

    /// <summary>How often systemd wants to hear of this process; null when it does not.</summary>
    public static TimeSpan? IntervalOfProcess =>
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0
        && Environment.GetEnvironmentVariable("WATCHDOG_PID") is var pid && (string.IsNullOrEmpty(pid) || pid == $"{Environment.ProcessId}")
            ? TimeSpan.FromMicroseconds(microseconds)
            : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (every is not { } interval)
            return;
        var loops = services.GetServices<IHostedService>().OfType<ITurning>().ToList();
        var stuck = false;
        using var timer = new PeriodicTimer(interval / 3, time);
        do
        {
            var still = loops.Find(loop => loop.SinceTurn > loop.TurnsWithin);
            if (still is null)
                systemd.Notify(_alive);
            else if (!stuck)
                Roles.Log.Stuck(log, role, still.GetType().Name, still.SinceTurn);
            stuck = still is not null;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
