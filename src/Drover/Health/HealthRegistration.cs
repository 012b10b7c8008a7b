using Drover.Bus;
using Drover.Settings;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;

namespace Drover.Health;

/// <summary>Gives a role its readiness and its watchdog.</summary>
internal static class HealthRegistration
{
    /// <summary>For every role.</summary>
    public static void AddHealth(this IHostApplicationBuilder builder, string role, IConfiguration configuration)
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ISystemdNotifier>(_ => new SystemdNotifier());
        services.AddSingleton<Readiness>();
        services.AddSingleton<IReadiness>(provider => new BusReadiness(provider.GetRequiredService<IBusControl>()));
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<StatusReporter>(provider, role));
        services.AddHostedService(provider => new Watchdog(
            role, Watchdog.IntervalOfProcess, provider, provider.GetRequiredService<ISystemdNotifier>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<Serilog.ILogger>()));
        if (configuration.Section<HealthOptions>("Health").Listen is { } listen)
            services.AddHostedService(provider => ActivatorUtilities.CreateInstance<HealthListener>(provider, listen));
    }

    /// <summary>For a role that works on the database.</summary>
    public static void AddDatabaseReadiness(this IServiceCollection services) => services.AddSingleton<IReadiness, DatabaseReadiness>();
}
