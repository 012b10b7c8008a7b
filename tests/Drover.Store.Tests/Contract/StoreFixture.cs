using Drover.Store.Outbox;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Drover.Store.Tests.Contract;

/// <summary>A running program for one test class, on a database (and broker) of its own.</summary>
public abstract class StoreFixture(Func<Task<TestHost.Place>> newPlace) : IAsyncLifetime
{
    private IHost host = null!;

    public TestHost.Place Place { get; private set; } = null!;

    public IBus Bus => Service<IBus>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public Arrivals Arrivals => Service<Arrivals>();

    public Sabotage Sabotage => Service<Sabotage>();

    public async ValueTask InitializeAsync()
    {
        Place = await newPlace();

        // The sweeper never wakes by itself: what it does in tests, a commit made it do. It takes over consumers' rows nearly at once.
        host = TestHost.Build(Place, outbox => (outbox.QueryDelay, outbox.DeliveryGrace) = (TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(50)));
        await Read(db => db.Database.EnsureCreatedAsync(Cancelled));
        await host.StartAsync(Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends as a hosted service does: in a scope of its own, outside of consumers, saved.</summary>
    public async Task SendInScope<T>(Uri address, T message, Action<SendContext<T>> configure)
        where T : class
    {
        await using var scope = host.Services.CreateAsyncScope();
        var endpoint = await scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>().GetSendEndpoint(address);
        await endpoint.Send(message, configure, Cancelled);
        await scope.ServiceProvider.GetRequiredService<TestDbContext>().SaveChangesAsync(Cancelled);
    }

    public async Task<T> Read<T>(Func<TestDbContext, Task<T>> query)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<TestDbContext>());
    }

    /// <summary>Publishes past the outbox, as a stranger would.</summary>
    public Task Publish<T>(T message, Action<PublishContext>? configure = null)
        where T : class => Bus.Publish(message, context => configure?.Invoke(context), Cancelled);

    /// <summary>Publishes as the API does: in a scope of its own, outside of consumers, and saves if told to.</summary>
    public async Task PublishInScope(object message, Func<Task<bool>> save)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(message, Cancelled);
        if (await save())
            await scope.ServiceProvider.GetRequiredService<TestDbContext>().SaveChangesAsync(Cancelled);
    }

    public Task<Tally?> Tally(Guid id) => Read(db => db.Tallies.AsNoTracking().SingleOrDefaultAsync(tally => tally.CorrelationId == id, Cancelled));

    public Task<int> Effects(Guid tally) => Read(db => db.Effects.CountAsync(effect => effect.TallyId == tally, Cancelled));

    public Task<int> OutboxRows() => Read(db => db.Outbox.CountAsync(Cancelled));

    public T Service<T>()
        where T : notnull => host.Services.GetRequiredService<T>();
}
