using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drover.Store.Outbox;

/// <summary>Sweeps the outbox whenever a commit wakes it, and every <see cref="EntityFrameworkOutboxConfigurator.QueryDelay"/> anyway.</summary>
internal sealed class OutboxDeliveryService<TDbContext>(
    IBusControl bus, OutboxSweep<TDbContext> sweep, OutboxWakeUp wakeUp, EntityFrameworkOutboxConfigurator options, ILogger<OutboxDeliveryService<TDbContext>> logger)
    : BackgroundService
    where TDbContext : DbContext
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // Before all endpoints are ready, an exchange may have no queue yet, and what is sent to it is confirmed and lost.
                await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);
                if (await sweep.Once(stoppingToken) >= options.QueryMessageLimit)
                    continue;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.SweepFailed(logger, exception, options.QueryDelay);
            }

            await wakeUp.Wait(options.QueryDelay, stoppingToken);
        }
    }
}
