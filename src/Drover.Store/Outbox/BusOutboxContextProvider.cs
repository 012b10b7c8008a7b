using MassTransit;
using MassTransit.DependencyInjection;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Outbox;

/// <summary>Chooses where a scope's messages go: through its consumer's context inside of a consumer, else through the bus outbox.</summary>
internal sealed class BusOutboxContextProvider<TDbContext>(
    IBus bus, TDbContext db, OutboxWakeUp wakeUp, DurableHop hop, TimeProvider time, Bind<IBus, IClientFactory> clientFactory,
    Bind<IBus, IScopedConsumeContextProvider> consumer, IServiceProvider provider) : IScopedBusContextProvider<IBus>, IDisposable
    where TDbContext : DbContext
{
    public ScopedBusContext Context { get; } = consumer.Value.HasContext
        ? new ConsumeContextScopedBusContext(consumer.Value.GetContext(), clientFactory.Value)
        : new BusOutboxContext<TDbContext>(bus, db, wakeUp, hop, time, clientFactory.Value, provider);

    public void Dispose() => (Context as IDisposable)?.Dispose();
}
