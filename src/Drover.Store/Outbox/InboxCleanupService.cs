using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drover.Store.Outbox;

/// <summary>Forgets consumed messages after the duplicate detection window, in batches.</summary>
internal sealed class InboxCleanupService<TDbContext>(
    IServiceScopeFactory scopes, EntityFrameworkOutboxConfigurator options, TimeProvider time, ILogger<InboxCleanupService<TDbContext>> logger) : BackgroundService
    where TDbContext : DbContext
{
    private const int BatchSize = 1000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                while (await DeleteBatch(stoppingToken) == BatchSize)
                    stoppingToken.ThrowIfCancellationRequested();
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.CleanupFailed(logger, exception, Interval);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task<int> DeleteBatch(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDbContext>();
        var inbox = db.TableOf<InboxState>();

        // A message that still waits in the outbox may be sent once more, so it is remembered however old it is.
        var statement =
            $$"""
            DELETE FROM {{inbox}} WHERE (message_id, consumer_id) IN (
                SELECT message_id, consumer_id FROM {{inbox}} AS old
                WHERE received_at < {0} AND NOT EXISTS (SELECT 1 FROM {{db.TableOf<OutboxMessage>()}} AS waiting WHERE waiting.message_id = old.message_id)
                ORDER BY received_at LIMIT {1})
            """;
        await using var transaction = await db.BeginWriteTransaction(cancellationToken);
        var deleted = await db.Database.ExecuteSqlRawAsync(
            statement, [time.GetUtcNow().UtcDateTime - options.DuplicateDetectionWindow, BatchSize], cancellationToken);
        await transaction.Commit(cancellationToken);
        return deleted;
    }
}
