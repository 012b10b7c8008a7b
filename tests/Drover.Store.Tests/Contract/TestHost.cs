using Drover.Store.Outbox;
using Drover.Store.Sagas;
using MassTransit;
using MassTransit.Context;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Drover.Store.Tests.Contract;

/// <summary>A program with a store and a bus, in the two shapes that Drover has.</summary>
public static class TestHost
{
    /// <summary>Where the program's database and broker are. No broker means the in-memory transport, and with it SQLite and the durable hop.</summary>
    public sealed record Place(string Database, Uri? Broker)
    {
        public bool Embedded => Broker is null;
    }

    public static IHost Build(Place place, Action<EntityFrameworkOutboxConfigurator>? outbox = null)
    {
        // MassTransit's log context flows with the caller; a second host would log through the first one's disposed logger.
        LogContext.Current = null;
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Arrivals>().AddSingleton<Sabotage>().AddScoped<IUndeliverableMessageObserver, ParkedAnnouncer>();
        builder.Services.AddDbContextPool<TestDbContext>(db => Use(db, place));
        builder.Services.AddOptions<MassTransitHostOptions>().Configure(options => options.WaitUntilStarted = true);
        builder.Services.AddMassTransit(x => Configure(x, place, outbox));
        var host = builder.Build();
        var bus = host.Services.GetRequiredService<IBus>();
        bus.ConnectSendObserver(host.Services.GetRequiredService<Sabotage>());
        bus.ConnectReceiveObserver(host.Services.GetRequiredService<Arrivals>());
        return host;
    }

    /// <summary>A context without a program around it.</summary>
    public static TestDbContext Context(Place place)
    {
        var options = new DbContextOptionsBuilder<TestDbContext>();
        Use(options, place);
        return new TestDbContext(options.Options);
    }

    private static void Use(DbContextOptionsBuilder db, Place place) => _ = place.Embedded ? db.UseSqlite(place.Database) : db.UseNpgsql(place.Database);

    private static void Configure(IBusRegistrationConfigurator x, Place place, Action<EntityFrameworkOutboxConfigurator>? outbox)
    {
        x.DisableUsageTelemetry();
        x.AddConsumer<CountedConsumer>();
        x.AddConsumer<FailedCountConsumer>();
        x.AddSagaStateMachine<TallyStateMachine, Tally>().EntityFrameworkRepository(r => r.ExistingDbContext<TestDbContext>());
        x.AddEntityFrameworkOutbox<TestDbContext>(o =>
        {
            o.UseBusOutbox();
            if (place.Embedded)
                o.UseDurableHop();
            outbox?.Invoke(o);
        });
        x.AddConfigureEndpointsCallback((context, _, endpoint) =>
        {
            endpoint.ConcurrentMessageLimit = 16;
            endpoint.PrefetchCount = 32;
            endpoint.UseMessageRetry(retry => retry.Intervals(5, 10, 20, 50, 100, 200, 400));
            endpoint.UseEntityFrameworkOutbox<TestDbContext>(context);
        });
        if (place.Broker is { } broker)
        {
            x.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(broker);
                rabbit.ConfigureEndpoints(context);
            });
        }
        else
        {
            x.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        }
    }
}
