using Drover.Bus;
using Drover.Coordinator.Migrations;
using Drover.Coordinator.Retention;
using Drover.Store;
using Drover.Store.Outbox;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Drover.Coordinator.Reconcile;

/// <summary>
/// At a coordinator's start: what the migrations' rows hold as armed is armed again, under the same tokens, so that a scheduler that has lost its memory costs
/// nothing; and retention begins its round.
/// </summary>
internal sealed class SchedulesAtStart(IServiceScopeFactory scopes, TimeProvider time, IOptions<CoordinatorOptions> options, ILogger<SchedulesAtStart> log) : BackgroundService
{
    internal static async Task Arm(DroverDbContext db, IServiceProvider scope, CancellationToken cancellationToken)
    {
        var send = scope.GetRequiredService<ISendEndpointProvider>();
        await using var transaction = await db.BeginWriteTransaction(cancellationToken);
        var armed = db.Migrations.AsNoTracking().Where(saga => saga.EndedAt == null && (saga.DeadlineToken != null || saga.NotBeforeToken != null));
        foreach (var saga in await armed.OrderBy(saga => saga.CorrelationId).ToListAsync(cancellationToken))
        {
            await send.ArmNotBefore(saga, cancellationToken);
            await send.ArmDeadline(saga, cancellationToken);
        }

        await send.SendTo(Queues.Retention, new TakeEnded(), cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.Commit(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await Arm(scope.ServiceProvider.GetRequiredService<DroverDbContext>(), scope.ServiceProvider, stoppingToken);
                return;
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                Log.LoopFailed(log, nameof(SchedulesAtStart), options.Value.LookEvery, error.Message);
            }

            await Task.Delay(options.Value.LookEvery, time, stoppingToken);
        }
    }
}
