using MassTransit;
using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Drover.Store.Outbox;

/// <summary>Registers the inbox and outbox with the names of MassTransit.EntityFrameworkCore, which could take this place.</summary>
public static class EntityFrameworkOutboxConfiguration
{
    /// <summary>Adds the outbox of <typeparamref name="TDbContext"/>; its model needs the tables of <see cref="OutboxModel"/>. One per container.</summary>
    public static void AddEntityFrameworkOutbox<TDbContext>(this IBusRegistrationConfigurator configurator, Action<EntityFrameworkOutboxConfigurator>? configure = null)
        where TDbContext : DbContext
    {
        var options = new EntityFrameworkOutboxConfigurator();
        configure?.Invoke(options);
        configurator.TryAddSingleton(TimeProvider.System);
        configurator.AddSingleton(options);
        configurator.AddSingleton<DurableHop>();
        configurator.AddSingleton<OutboxWakeUp>();
        configurator.AddScoped<IOutboxContextFactory<TDbContext>, OutboxContextFactory<TDbContext>>();
        configurator.AddSingleton<OutboxParking<TDbContext>>();
        configurator.AddSingleton<FailedMessages, FailedMessages<TDbContext>>();
        configurator.AddScoped(provider => new ParkedRows(
            provider.GetRequiredService<TDbContext>(), provider.GetRequiredService<DurableHop>(), provider.GetRequiredService<OutboxWakeUp>(), provider.GetRequiredService<TimeProvider>()));
        configurator.AddSingleton<OutboxDelivery<TDbContext>>();
        configurator.AddSingleton<OutboxReaper<TDbContext>>();
        configurator.AddHostedService(provider => provider.GetRequiredService<OutboxReaper<TDbContext>>());
        if (options.BusOutbox)
            configurator.ReplaceScoped<IScopedBusContextProvider<IBus>, BusOutboxContextProvider<TDbContext>>();
        if (options.DeliveryService)
        {
            configurator.AddSingleton<OutboxSweep<TDbContext>>();
            configurator.AddHostedService<OutboxDeliveryService<TDbContext>>();
        }

        if (options.InboxCleanupService)
            configurator.AddHostedService<InboxCleanupService<TDbContext>>();
    }

    /// <summary>
    /// Puts the consumers and sagas of an endpoint behind the inbox and outbox. Call it after <c>UseMessageRetry</c>, so that each try has a scope and a
    /// DbContext of its own, and before the consumers are configured.
    /// </summary>
    public static void UseEntityFrameworkOutbox<TDbContext>(
        this IReceiveEndpointConfigurator configurator, IRegistrationContext context, Action<IOutboxOptionsConfigurator>? configure = null)
        where TDbContext : DbContext
    {
        var observer = new OutboxConsumePipeSpecificationObserver<TDbContext>(configurator, context);
        configure?.Invoke(observer);
        configurator.ConnectConsumerConfigurationObserver(observer);
        configurator.ConnectSagaConfigurationObserver(observer);
        context.GetRequiredService<DurableHop>().Watch(configurator);
    }

    /// <summary>Says that the database is PostgreSQL, as MassTransit.EntityFrameworkCore asks for. Here the statements follow the DbContext's provider.</summary>
    public static EntityFrameworkOutboxConfigurator UsePostgres(this EntityFrameworkOutboxConfigurator configurator) => configurator;

    /// <summary>Says that the database is SQLite, as MassTransit.EntityFrameworkCore asks for. Here the statements follow the DbContext's provider.</summary>
    public static EntityFrameworkOutboxConfigurator UseSqlite(this EntityFrameworkOutboxConfigurator configurator) => configurator;
}
