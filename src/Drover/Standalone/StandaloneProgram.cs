using Drover.Agent;
using Drover.Api;
using Drover.Bus;
using Drover.Coordinator;
using Drover.Coordinator.Migrations;
using Drover.Health;
using Drover.Scheduling;
using Drover.Sites;
using Drover.Store;
using Drover.Store.Outbox;
using Drover.Store.Schema;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Drover.Standalone;

/// <summary>
/// All roles in one process: queues in memory, behind them an outbox that keeps each message until its effect is committed (the durable hop), and one SQLite
/// file behind one write gate. SQLite writes with <c>synchronous=FULL</c>: what was answered 202 survives a loss of power, not only of the process. That costs
/// one flush to the disk per commit, and one process on one machine has few enough of them.
/// </summary>
internal static class StandaloneProgram
{
    /// <summary>How long consumers have to finish at a stop: a part of the five seconds for the whole.</summary>
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(2);

    /// <summary>Puts it together.</summary>
    public static WebApplication Build(Site site, DataFolder folder, Action<IHostApplicationBuilder> prepare)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        prepare(builder);
        var services = builder.Services;
        services.AddSingleton(site).AddSingleton(folder).AddSingleton<AbsentHosts>();
        var store = new StoreOptions
        {
            Database = Store.Database.Sqlite,
            ConnectionString = new SqliteConnectionStringBuilder { DataSource = folder.Database }.ToString(),
        };
        services.AddDroverStore(store);
        services.AddDroverCoordinator(new ConfigurationBuilder().AddInMemoryCollection(
        [
            new(nameof(CoordinatorOptions.OutLimit), $"{site.OutLimit}"),
            new(nameof(CoordinatorOptions.InLimit), $"{site.InLimit}"),
        ]).Build());
        services.AddSingleton<SiteAgents>();
        services.AddHostedService(provider => provider.GetRequiredService<SiteAgents>());
        services.AddDroverScheduling(store);
        services.AddMassTransit(registration =>
        {
            registration.AddDroverCoordinator();
            registration.AddQuartzConsumers();
            registration.AddEntityFrameworkOutbox<DroverDbContext>(outbox =>
            {
                outbox.UseBusOutbox();
                outbox.UseDurableHop();
                outbox.ReceivingEndpoint = Wire.CommandQueue;
            });
            registration.UsingDrover(new BusOptions { Transport = BusTransport.InMemory, StopTimeout = StopTime }, (context, endpoints) =>
            {
                endpoints.KeepFailed = context.GetRequiredService<FailedMessages>().Keep;
                endpoints.Coordinator(context);
                endpoints.Schedules(context);
                var agents = context.GetRequiredService<SiteAgents>();
                foreach (var host in site.Hosts)
                    endpoints.Agent(host.Name, () => agents.Of(host.Name));
                context.GetRequiredService<AbsentHosts>().Endpoints(endpoints);
            });
        });
        services.AddDatabaseReadiness();
        services.AddDroverApi(new ApiOptions { Listen = site.Listen });
        builder.WebHost.UseKestrel().UseUrls(site.Listen);
        return builder.Build().MapDroverApi();
    }

    /// <summary>Brings the database up to the program and to the site's file: its schema, the limits, and who is not there any more.</summary>
    public static async Task Prepare(IHost program)
    {
        program.Services.GetRequiredService<SiteAgents>().OpenWorld();
        await using var scope = program.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DroverDbContext>();
        await db.ApplySchema(CancellationToken.None);
        var site = program.Services.GetRequiredService<Site>();
        await SetLimits(db, site);
        await KnockAgain(db, program.Services.GetRequiredService<TimeProvider>().GetUtcNow());
        if (await program.Services.GetRequiredService<AbsentHosts>().Find(db, site, CancellationToken.None) is { Count: > 0 } absent)
            Roles.Log.HostsAbsent(program.Services.GetRequiredService<Serilog.ILogger>(), absent);
        program.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(() => program.Services.GetRequiredService<DataFolder>().Note(
            $"process {Environment.ProcessId} since {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss}Z, API at {Address(program)}"));
    }

    /// <summary>Where the API listens, once it does.</summary>
    public static string Address(IHost program) => program.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    // A changed limit may let in who waits. (What agents and coordinator had said to each other in memory is gone, too; there the agents' start makes those
    // migrations ask again that have left the queue.)
    private static async Task KnockAgain(DroverDbContext db, DateTimeOffset now)
    {
        await using var transaction = await db.BeginWriteTransaction(CancellationToken.None);
        await db.Migrations.Where(saga => saga.CurrentState == nameof(MigrationStateMachine.Queued)).ExecuteUpdateAsync(set => set.SetProperty(saga => saga.CheckAt, now));
        await transaction.Commit(CancellationToken.None);
    }

    // The file is the one place where limits are set here: a change of it holds from the next start. Lowering one ends nothing that runs.
    private static async Task SetLimits(DroverDbContext db, Site site)
    {
        await using var transaction = await db.BeginWriteTransaction(CancellationToken.None);
        await db.Hosts.ExecuteUpdateAsync(set => set.SetProperty(host => host.OutLimit, site.OutLimit).SetProperty(host => host.InLimit, site.InLimit));
        await db.Lanes.ExecuteUpdateAsync(set => set.SetProperty(lane => lane.Limit, lane => lane.Name.StartsWith("out:") ? site.OutLimit : site.InLimit));
        await transaction.Commit(CancellationToken.None);
    }
}
