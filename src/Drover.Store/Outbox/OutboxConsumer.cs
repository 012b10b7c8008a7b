using MassTransit;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Outbox;

/// <summary>What a consumer sees in place of its context: everything it sends becomes a row of its transaction.</summary>
internal sealed class OutboxConsumer<TDbContext, TMessage>(
    ConsumeContext<TMessage> context, OutboxConsumeOptions options, IServiceProvider provider, TDbContext db, OutboxDelivery<TDbContext> delivery,
    OutboxReaper<TDbContext> reaper, DurableHop hop, TimeProvider time, Guid inboxMessageId)
    : OutboxConsumeContextProxy<TMessage>(context, options, provider)
    where TDbContext : DbContext
    where TMessage : class
{
    private readonly Lock writing = new();
    private List<OutboxMessage> rows = [];
    private bool consumed;
    private bool delivered;

    public override bool ContinueProcessing { get; set; } = true;
    public override bool IsMessageConsumed => consumed;
    public override bool IsOutboxDelivered => delivered;
    public override int ReceiveCount => 0;
    public override long? LastSequenceNumber => null;

    /// <summary>The transaction was committed, by this delivery or by an earlier one.</summary>
    public void Consumed() => consumed = true;

    /// <summary>For a duplicate: the rows that the first delivery committed and that have not left yet.</summary>
    public async Task LoadLeftBehind()
    {
        var left = await db.Set<OutboxMessage>().AsNoTracking()
            .Where(row => row.InboxMessageId == inboxMessageId && row.InboxConsumerId == ConsumerId && row.UndeliverableAt == null)
            .OrderBy(row => row.SequenceNumber).ToListAsync(CancellationToken);
        rows = [.. left.Where(row => !hop.IsClaimed(row.SequenceNumber))];
    }

    public override Task AddSend<T>(SendContext<T> context)
    {
        var row = OutboxRow.Of(context, time.GetUtcNow().UtcDateTime, hop.ReceiversOf(context), inboxMessageId, ConsumerId);

        // A consumer may send in parallel; a DbContext may not be used so.
        lock (writing)
        {
            db.Add(row);
            rows.Add(row);
        }

        return Task.CompletedTask;
    }

    /// <summary>A saga's repository has saved already; a plain consumer need not save by itself.</summary>
    public override async Task SetConsumed()
    {
        if (db.ChangeTracker.HasChanges())
            await db.SaveChangesAsync(CancellationToken);
    }

    /// <summary>
    /// Delivers here, and answers that nothing is left to deliver: our rows go out with the bytes they were stored with. The message is consumed, so a failure
    /// is no reason to consume it again; the rows are the sweeper's then.
    /// </summary>
    public override async Task<List<OutboxMessageContext>> LoadOutboxMessages()
    {
        var outcome = await delivery.Send(rows, CancellationToken);
        foreach (var row in outcome.Done)
            reaper.Add(row);
        await delivery.Park(outcome, CancellationToken);
        return [];
    }

    public override Task SetDelivered()
    {
        delivered = true;
        return Task.CompletedTask;
    }

    public override Task NotifyOutboxMessageDelivered(OutboxMessageContext message) => Task.CompletedTask;

    public override Task RemoveOutboxMessages() => Task.CompletedTask;
}
