using MassTransit;
using MassTransit.Clients;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using MassTransit.Transports;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Outbox;

/// <summary>The endpoints that a scope outside of consumers gets: everything sent becomes a row, which leaves when the scope's DbContext has saved it.</summary>
internal sealed class BusOutboxContext<TDbContext>(
    IBus bus, TDbContext db, OutboxWakeUp wakeUp, DurableHop hop, TimeProvider time, IClientFactory clientFactory, IServiceProvider provider)
    : ScopedBusContext, OutboxSendContext, IDisposable
    where TDbContext : DbContext
{
    private readonly Lock writing = new();
    private bool watching;

    public ISendEndpointProvider SendEndpointProvider => field ??= new OutboxSendEndpointProvider(this, bus);

    public IPublishEndpoint PublishEndpoint => field ??= new PublishEndpoint(new OutboxPublishEndpointProvider(this, bus));

    public IScopedClientFactory ClientFactory =>
        field ??= new ScopedClientFactory(new ClientFactory(new ScopedClientFactoryContext(clientFactory, provider)), null);

    public Task AddSend<T>(SendContext<T> context)
        where T : class
    {
        var row = OutboxRow.Of(context, time.GetUtcNow().UtcDateTime, hop.ReceiversOf(context));
        lock (writing)
        {
            db.Add(row);
            wakeUp.RowAdded(db);
            if (!watching)
                db.SavedChanges += WakeUnlessInTransaction;
            watching = true;
        }

        return Task.CompletedTask;
    }

    /// <summary>Wakes for a transaction too that was not begun by <see cref="WriteTransactions.BeginWriteTransaction"/>: it is over when the scope is.</summary>
    public void Dispose()
    {
        db.SavedChanges -= WakeUnlessInTransaction;
        OutboxWakeUp.Committed(db);
    }

    public object? GetService(Type serviceType) => provider.GetService(serviceType);

    private void WakeUnlessInTransaction(object? sender, SavedChangesEventArgs saved)
    {
        // Inside of a transaction nothing is visible yet; its commit wakes.
        if (db.Database.CurrentTransaction is null)
            OutboxWakeUp.Committed(db);
    }
}
