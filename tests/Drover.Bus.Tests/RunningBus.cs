using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drover.Bus.Tests;

/// <summary>A host with Drover's bus in it, as a role has it.</summary>
public sealed class RunningBus : IAsyncDisposable
{
    private readonly IHost _host;

    private RunningBus(IHost host) => _host = host;

    public IBus Bus => _host.Services.GetRequiredService<IBus>();

    public static async Task<RunningBus> Start(BusOptions options, Action<DroverEndpoints> endpoints)
    {
        var bus = new RunningBus(Build(options, endpoints));
        await bus._host.StartAsync(TestContext.Current.CancellationToken);
        return bus;
    }

    public static IHost Build(BusOptions options, Action<DroverEndpoints> endpoints, ILoggerProvider? log = null)
    {
        // MassTransit keeps the logger of the first host of an asynchronous flow, which may be disposed of by now.
        LogContext.Current = null;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        if (log is not null)
            builder.Logging.AddProvider(log);
        builder.Services.AddMassTransit(x => x.UsingDrover(options, (_, e) => endpoints(e)));
        return builder.Build();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
