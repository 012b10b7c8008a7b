using Drover.Bus;
using Drover.Coordinator;
using Drover.Health;
using Drover.Scheduling;
using Drover.Settings;
using Drover.Store;
using Drover.Store.Outbox;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Drover.Roles;

/// <summary><c>drover coordinator</c>.</summary>
internal static class CoordinatorRole
{
    public static Task<int> Run(FileInfo? settings) => Role.Run("coordinator", settings, (configuration, prepare) =>
    {
        configuration.Section<CoordinatorOptions>("Coordinator");   // a typing error stops the start here
        var bus = configuration.Section<BusOptions>("Bus");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        prepare(builder);
        var store = configuration.Section<StoreOptions>("Store");
        builder.Services.AddDroverStore(store);
        builder.Services.AddDatabaseReadiness();
        builder.Services.AddDroverCoordinator(configuration.GetSection("Coordinator"));
        builder.Services.AddDroverScheduling(store);
        builder.Services.AddMassTransit(registration =>
        {
            registration.AddDroverCoordinator();
            registration.AddQuartzConsumers();
            registration.AddEntityFrameworkOutbox<DroverDbContext>(outbox => outbox.UseBusOutbox());
            registration.UsingDrover(bus, (context, endpoints) =>
            {
                endpoints.Coordinator(context);
                endpoints.Schedules(context);
            });
        });
        return builder.Build();
    }, needsSchema: true);
}
