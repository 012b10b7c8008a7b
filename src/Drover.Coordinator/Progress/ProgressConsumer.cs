using System.Text;
using System.Text.Json;
using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Migrations;
using Drover.Store;
using Drover.Store.Outbox;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Drover.Coordinator.Progress;

/// <summary>Keeps the newest look at each running migration: a batch of events becomes one statement per migration, whatever came between is passed over.</summary>
internal sealed class ProgressConsumer(DroverDbContext db, ILogger<ProgressConsumer> log) : IConsumer<Batch<EventBytes>>
{
    public async Task Consume(ConsumeContext<Batch<EventBytes>> context)
    {
        var newest = context.Message
            .Select(item => (Body: item.Message.Body, Progress: Read(item.Message.Body)))
            .Where(item => item.Progress is not null)
            .GroupBy(item => item.Progress!.MigrationId)
            .OrderBy(group => group.Key) // two coordinators' batches lock rows in one order
            .Select(group => group.MaxBy(item => item.Progress!.OccurredAt));
        await using var transaction = await db.BeginWriteTransaction(context.CancellationToken);
        foreach (var (body, progress) in newest)
        {
            var (id, at, text) = (progress!.MigrationId, db.Database.IsSqlite() ? (object)progress.OccurredAt.UtcTicks : progress.OccurredAt, Encoding.UTF8.GetString(body));
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO progress (migration_id, occurred_at, body) VALUES ({id}, {at}, {text}) ON CONFLICT (migration_id) DO UPDATE SET occurred_at = excluded.occurred_at, body = excluded.body WHERE progress.occurred_at < excluded.occurred_at",
                context.CancellationToken);
        }

        await transaction.Commit(context.CancellationToken);
    }

    private MigrationProgressed? Read(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize<MigrationProgressed>(body, ContractsJson.Tolerant);
        }
        catch (JsonException error)
        {
            Log.ProgressUnreadable(log, error.Message);
            return null;
        }
    }
}
