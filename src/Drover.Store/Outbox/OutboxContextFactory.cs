using MassTransit;
using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Drover.Store.Outbox;

/// <summary>
/// The one-commit protocol. One transaction holds the inbox row, the consumer's effects and the messages it sends; after its commit the messages are
/// delivered from memory. A duplicate finds the inbox row and only sees to it that what the first delivery wrote has left.
/// </summary>
internal sealed class OutboxContextFactory<TDbContext>(
    TDbContext db, IServiceProvider provider, OutboxDelivery<TDbContext> delivery, OutboxReaper<TDbContext> reaper, DurableHop hop, TimeProvider time,
    ILogger<OutboxContextFactory<TDbContext>> logger) : IOutboxContextFactory<TDbContext>
    where TDbContext : DbContext
{
    public async Task Send<T>(ConsumeContext<T> context, OutboxConsumeOptions options, IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        // A redelivered message has an id of its own; the original one is what makes it the same message.
        var messageId = context.GetOriginalMessageId() ?? throw new MessageException(typeof(T), "A message needs a MessageId to go through the inbox.");
        var outbox = new OutboxConsumer<TDbContext, T>(context, options, provider, db, delivery, reaper, hop, time, messageId);
        if (!await Consume(outbox, messageId, options.ConsumerId, next))
        {
            Log.Duplicate(logger, messageId, options.ConsumerType);
            await outbox.LoadLeftBehind();
        }

        outbox.Consumed();
        await next.Send(outbox); // delivers what the consumer wrote
        await next.Send(outbox); // tells MassTransit that the message was consumed
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("outbox").Add("dbContext", db.GetType().Name);

    /// <summary>False if the message was consumed before.</summary>
    private async Task<bool> Consume<T>(OutboxConsumer<TDbContext, T> outbox, Guid messageId, Guid consumerId, IPipe<OutboxConsumeContext<T>> next)
        where T : class
    {
        await using var transaction = await db.BeginWriteTransaction(outbox.CancellationToken);
        if (!await InsertInboxRow(messageId, consumerId, outbox.CancellationToken))
            return false;

        var gone = hop.Enabled ? await DurableHop.CountDown(db, messageId, outbox.CancellationToken) : [];
        await next.Send(outbox);
        await transaction.Commit(outbox.CancellationToken);
        foreach (var row in gone)
            hop.Forget(row);
        return true;
    }

    private async Task<bool> InsertInboxRow(Guid messageId, Guid consumerId, CancellationToken cancellationToken)
    {
        var statement = $$"""INSERT INTO {{db.TableOf<InboxState>()}} (message_id, consumer_id, received_at) VALUES ({0}, {1}, {2}) ON CONFLICT DO NOTHING""";
        return await db.Database.ExecuteSqlRawAsync(statement, [messageId, consumerId, time.GetUtcNow().UtcDateTime], cancellationToken) == 1;
    }
}
