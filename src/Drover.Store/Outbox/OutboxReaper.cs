using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drover.Store.Outbox;

/// <summary>
/// Deletes delivered rows, many in one statement, so that a consumer need not wait for it. A crash before the delete only sends the message again, and the
/// receiver's inbox drops it.
/// </summary>
internal sealed class OutboxReaper<TDbContext>(IServiceScopeFactory scopes, TimeProvider time, ILogger<OutboxReaper<TDbContext>> logger) : BackgroundService
    where TDbContext : DbContext
{
    /// <summary>Long enough to collect many rows at full load, short enough for the sweeper's grace never to see them.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private readonly Channel<long> delivered = Channel.CreateBounded<long>(10_000);

    /// <summary>Hands over a delivered row. When too many wait, the row is left to the sweeper.</summary>
    public void Add(long sequenceNumber) => delivered.Writer.TryWrite(sequenceNumber);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await delivered.Reader.WaitToReadAsync(stoppingToken))
        {
            await Task.Delay(Interval, time, stoppingToken);
            var rows = new List<long>();
            while (rows.Count < 1000 && delivered.Reader.TryRead(out var row))
                rows.Add(row);
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await Delete(scope.ServiceProvider.GetRequiredService<TDbContext>(), rows, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.ReapingFailed(logger, exception, rows.Count);
            }
        }
    }

    private static async Task Delete(TDbContext db, List<long> rows, CancellationToken cancellationToken)
    {
        await using var transaction = await db.BeginWriteTransaction(cancellationToken);
        await db.Set<OutboxMessage>().Where(row => rows.Contains(row.SequenceNumber)).ExecuteDeleteAsync(cancellationToken);
        await transaction.Commit(cancellationToken);
    }
}
