using Drover.Bus;
using Drover.Store;
using Drover.Store.Outbox;
using MassTransit;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;
using Quartz;

namespace Drover.Scheduling;

/// <summary>Puts the scheduler into a program. The names are those of MassTransit.Quartz where it has the same thing.</summary>
public static class SchedulingRegistration
{
    /// <summary>How often each coordinator says that it is there: one that dies while it fires is noticed after this and <see cref="_missed"/>.</summary>
    private static readonly TimeSpan _checkin = TimeSpan.FromSeconds(2);

    /// <summary>How late that may be before another takes its triggers over: longer than a pause of the runtime. One that was taken for dead does no harm: what fires twice is taken once.</summary>
    private static readonly TimeSpan _missed = TimeSpan.FromSeconds(5);

    /// <summary>How long a trigger may lie unseen that another coordinator has stored, and died before its time.</summary>
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(5);

    /// <summary>How many fire at once: each is one row in the outbox.</summary>
    private const int Threads = 4;

    private static readonly TimeSpan _whileDatabaseIsAway = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Adds Quartz on the database that the options name, clustered on PostgreSQL. Call it before <c>AddMassTransit</c>, so that it stops after the bus: a schedule that came
    /// to a scheduler that is shut down would end in the error queue. It fires only once the whole program has started, and into the outbox, so it needs no bus.
    /// </summary>
    public static IServiceCollection AddDroverScheduling(this IServiceCollection services, StoreOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton(time ?? TimeProvider.System);
        services.AddHostedService(_ => new RequiredTables(options));
        services.AddDroverQuartz(options, time ?? TimeProvider.System, store =>
        {
            if (options.Database == Database.Sqlite)
                store.ProvisionSchema();
        });
        return services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = true);
    }

    /// <summary>Consumers of schedules, for <c>AddMassTransit</c>.</summary>
    public static void AddQuartzConsumers(this IBusRegistrationConfigurator bus)
    {
        bus.AddConsumer<ScheduleMessageConsumer>();
        bus.AddConsumer<CancelScheduledMessageConsumer>();
    }

    /// <summary>The queue of schedules. Behind the inbox and outbox, like everything that decides: in memory a schedule is kept until its trigger is.</summary>
    public static void Schedules(this DroverEndpoints endpoints, IBusRegistrationContext context)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Core(Queues.Schedules, endpoint =>
        {
            endpoint.WaitWhileDatabaseIsAway();
            endpoint.UseEntityFrameworkOutbox<DroverDbContext>(context);
            endpoint.ConfigureConsumer<ScheduleMessageConsumer>(context);
            endpoint.ConfigureConsumer<CancelScheduledMessageConsumer>(context);
        });
    }

    internal static IServiceCollection AddDroverQuartz(this IServiceCollection services, StoreOptions options, TimeProvider time, Action<IPersistentStoreBuilder> schema) =>
        services.AddQuartz(quartz =>
        {
            quartz.UseTimeProvider(time);
            quartz.UseDefaultThreadPool(Threads);
            quartz.ConfigureScheduler(scheduler =>
            {
                scheduler.InstanceName = "drover";
                scheduler.IdleWaitTime = _look;
                scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            quartz.UsePersistentStore(store =>
            {
                store.ConfigureStore(dials =>
                {
                    dials.StoreJobDataAsStrings = true;
                    dials.RecoverFiringsCancelledByShutdown = true;
                    dials.DbRetryInterval = _whileDatabaseIsAway;
                });
                if (options.Database == Database.Sqlite)
                {
                    store.UseSqlite(SqliteConnection(options));
                }
                else
                {
                    store.UsePostgres(PostgresConnection(options));
                    store.UseClustering(cluster =>
                    {
                        cluster.CheckinInterval = _checkin;
                        cluster.CheckinMisfireThreshold = _missed;
                    });
                }

                schema(store);
            });
            quartz.AddJob<ScheduledMessageJob>(job => job.WithIdentity(ScheduledMessageJob.Key).StoreDurably().RequestRecovery());
        });

    private static string PostgresConnection(StoreOptions options) => new NpgsqlConnectionStringBuilder(StoreRegistration.PostgresConnection(options))
    {
        SearchPath = SchedulerSchema.Name,
        ApplicationName = "drover-scheduler",
        MaxPoolSize = 2 * Threads,
    }.ConnectionString;

    // Beside Drover's database, not in it: whoever fires there would wait for the write gate, and hold up what holds it.
    private static string SqliteConnection(StoreOptions options)
    {
        var drover = new SqliteConnectionStringBuilder(options.ConnectionString);
        var folder = Path.GetDirectoryName(Path.GetFullPath(drover.DataSource))!;
        return new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "schedules.db") }.ConnectionString;
    }
}
