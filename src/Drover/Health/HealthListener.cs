using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Serilog;

namespace Drover.Health;

/// <summary>Answers <c>/health/live</c> and <c>/health/ready</c> on loopback, for a role that has no HTTP of its own.</summary>
internal sealed class HealthListener(string listen, Readiness readiness, ILogger log) : IHostedService
{
    private const int MaxConnections = 20;
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRouting().AddSerilog(log).AddSingleton<IHostLifetime, OfTheRole>();
        builder.Services.Configure<KestrelServerOptions>(kestrel => kestrel.Limits.MaxConcurrentConnections = MaxConnections);
        builder.WebHost.UseKestrel().UseUrls(listen);
        _app = builder.Build();
        _app.MapGet("/health/live", () => "live");
        _app.MapGet("/health/ready", async (CancellationToken cancelled) => await readiness.WhyNot(cancelled) is { } whyNot
            ? Results.Text(whyNot, statusCode: StatusCodes.Status503ServiceUnavailable)
            : Results.Text("ready"));
        await _app.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is null)
            return;
        using var atOnce = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }

    /// <summary>It lives and ends with its role: signals are the role's.</summary>
    private sealed class OfTheRole : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
