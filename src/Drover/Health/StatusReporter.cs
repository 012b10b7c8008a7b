using Drover.Bus;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace Drover.Health;

/// <summary>Says whether the role is ready when that changes: to the log, and to systemd, whose <c>systemctl status</c> shows it.</summary>
internal sealed class StatusReporter(string role, Readiness readiness, ISystemdNotifier systemd, IHostApplicationLifetime lifetime, TimeProvider time, Serilog.ILogger log)
    : BackgroundService, ITurning
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private readonly Turn _turn = new(time);
    private string? _said = "";

    public TimeSpan SinceTurn => _turn.Since;

    public TimeSpan TurnsWithin => TimeSpan.FromSeconds(30);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(() => systemd.Notify(ServiceState.Ready));
        lifetime.ApplicationStopping.Register(() => systemd.Notify(new ServiceState($"STOPPING=1\nSTATUS={role} stops")));
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        do
        {
            _turn.Begin();
            Say(await readiness.WhyNot(stoppingToken));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private void Say(string? whyNot)
    {
        // Before the start is through nothing is ready, and that is no news.
        if (whyNot == _said || !lifetime.ApplicationStarted.IsCancellationRequested)
            return;
        _said = whyNot;
        systemd.Notify(new ServiceState($"STATUS={(whyNot is null ? "ready" : $"not ready: {whyNot}")}"));
        if (whyNot is null)
            Roles.Log.Ready(log, role);
        else
            Roles.Log.NotReady(log, role, whyNot);
    }
}
