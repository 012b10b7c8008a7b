using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Hosts;
using Drover.Contracts.Migrations;
using Drover.Coordinator.Admission;
using Drover.Coordinator.Guests;
using Drover.Coordinator.Hosts;
using Drover.Coordinator.Intake;
using Drover.Coordinator.Migrations;
using Drover.Coordinator.Progress;
using Drover.Coordinator.Reconcile;
using Drover.Coordinator.Retention;
using Drover.Store;
using Drover.Store.Hosts;
using Drover.Store.Migrations;
using Drover.Store.Outbox;
using Drover.Store.Sagas;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Drover.Coordinator;

/// <summary>Puts the coordinator into a program.</summary>
public static class CoordinatorRegistration
{
    /// <summary>The coordinator's own services; the store and the bus come beside it.</summary>
    public static IServiceCollection AddDroverCoordinator(this IServiceCollection services, IConfiguration section)
    {
        services.AddOptions<CoordinatorOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CoordinatorOptions>, CoordinatorOptionsValidator>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IdSource>();
        services.AddScoped<EventLedger>();
        services.AddScoped<MigrationLedger>();
        services.AddScoped<HostLedger>();
        services.AddScoped<CopiesInquiry>();
        services.AddScoped<GuestPlaces>();
        services.AddScoped<RejectionDesk>();
        services.AddScoped<IUndeliverableMessageObserver, UndeliverableOrders>();
        services.AddHostedService<OverdueMigrations>();
        services.AddHostedService<PresenceWatch>();
        services.AddHostedService<SchedulesAtStart>();
        services.AddHostedService<CopiesWatch>();
        return services;
    }

    /// <summary>Sagas and consumers, for <c>AddMassTransit</c>.</summary>
    public static void AddDroverCoordinator(this IBusRegistrationConfigurator bus)
    {
        bus.AddSagaStateMachine<MigrationStateMachine, MigrationSaga>().EntityFrameworkRepository(r => r.ExistingDbContext<DroverDbContext>());
        bus.AddSagaStateMachine<HostStateMachine, HostSaga>().EntityFrameworkRepository(r => r.ExistingDbContext<DroverDbContext>());
        bus.AddConsumer<AdmissionConsumer>();
        bus.AddConsumer<HostReportConsumer>();
        bus.AddConsumer<CopiesConsumer>();
        bus.AddConsumer<MigrateGuestIntake>();
        bus.AddConsumer<CancelMigrationIntake>();
        bus.AddConsumer<ResolveMigrationIntake>();
        bus.AddConsumer<ConfirmHostDownIntake>();
        bus.AddConsumer<UnknownCommandIntake>();
        bus.AddConsumer<ReturnedOrderConsumer>();
        bus.AddConsumer<ProgressConsumer>();
        bus.AddConsumer<RetentionConsumer>();
    }

    /// <summary>The coordinator's queues. Everything that decides goes through the one-commit outbox; progress does not decide.</summary>
    public static void Coordinator(this DroverEndpoints endpoints, IBusRegistrationContext context)
    {
        endpoints.Core(Queues.Migrations, e =>
        {
            Transactional(e, context);
            e.ConfigureSaga<MigrationSaga>(context);
        });
        endpoints.Core(Queues.Hosts, e =>
        {
            Transactional(e, context);
            e.ConfigureSaga<HostSaga>(context);
        });
        endpoints.Core(Queues.Admission, e => Transactional<AdmissionConsumer>(e, context));
        endpoints.Core(Queues.HostReports, e =>
        {
            Transactional<HostReportConsumer>(e, context);
            e.ConfigureConsumer<CopiesConsumer>(context);
        });
        endpoints.Core(Queues.Retention, e => Transactional<RetentionConsumer>(e, context));
        endpoints.Commands(RoutingKeys.Commands[typeof(MigrateGuest)], e => Transactional<MigrateGuestIntake>(e, context));
        endpoints.Commands(RoutingKeys.Commands[typeof(CancelMigration)], e => Transactional<CancelMigrationIntake>(e, context));
        endpoints.Commands(RoutingKeys.Commands[typeof(ResolveMigration)], e => Transactional<ResolveMigrationIntake>(e, context));
        endpoints.Commands(RoutingKeys.Commands[typeof(ConfirmHostDown)], e => Transactional<ConfirmHostDownIntake>(e, context));
        endpoints.UnknownCommands(e => Transactional<UnknownCommandIntake>(e, context));
        endpoints.ReturnedOrders(e => Transactional<ReturnedOrderConsumer>(e, context));
        endpoints.Events(Queues.Progress, RoutingKeys.Events[typeof(MigrationProgressed)], e =>
            e.ConfigureConsumer<ProgressConsumer>(context, c => c.Options<BatchOptions>(batch => batch.SetMessageLimit(200).SetTimeLimit(TimeSpan.FromMilliseconds(200)))));
    }

    private static void Transactional<TConsumer>(IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
        where TConsumer : class, IConsumer
    {
        Transactional(endpoint, context);
        endpoint.ConfigureConsumer<TConsumer>(context);
    }

    private static void Transactional(IReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.WaitWhileDatabaseIsAway();
        endpoint.UseEntityFrameworkOutbox<DroverDbContext>(context);
    }
}
