using Drover.Bus;
using Drover.Contracts;
using Drover.Contracts.Agents;
using Drover.Contracts.Hosts;
using Drover.Contracts.Migrations;
using Drover.Coordinator;
using Drover.Coordinator.Admission;
using Drover.Coordinator.Guests;
using Drover.Coordinator.Hosts;
using Drover.Coordinator.Intake;
using Drover.Coordinator.Migrations;
using Drover.Coordinator.Reconcile;
using Drover.Coordinator.Retention;
using Drover.Simulation.Clock;
using Drover.Simulation.Mail;
using Drover.Store;
using Drover.Store.Hosts;
using Drover.Store.Migrations;
using Drover.Store.Outbox;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Drover.Simulation.Roles;

/// <summary>
/// The coordinator's real sagas and consumers on a real SQLite database, without a bus: a letter is one transaction, and what it sends leaves with the commit.
/// One run of the program; the database and the inbox outlive it.
/// </summary>
internal sealed class SimulatedCoordinator
{
    private static readonly MigrationStateMachine _migrations = new();
    private static readonly HostStateMachine _hosts = new();

    private static readonly Dictionary<string, Type> _consumers = new()
    {
        [Queues.Admission] = typeof(AdmissionConsumer),
        [Queues.HostReports] = typeof(HostReportConsumer),
        [Queues.ReturnedOrders] = typeof(ReturnedOrderConsumer),
        [Queues.Retention] = typeof(RetentionConsumer),
        [Queues.Command(RoutingKeys.Commands[typeof(MigrateGuest)])] = typeof(MigrateGuestIntake),
        [Queues.Command(RoutingKeys.Commands[typeof(CancelMigration)])] = typeof(CancelMigrationIntake),
        [Queues.Command(RoutingKeys.Commands[typeof(ResolveMigration)])] = typeof(ResolveMigrationIntake),
        [Queues.Command(RoutingKeys.Commands[typeof(ConfirmHostDown)])] = typeof(ConfirmHostDownIntake),
    };

    // One container for all runs of all seeds, for it is dear to make; what is a run's own comes with each scope.
    private static readonly ServiceProvider _services = new ServiceCollection()
        .AddLogging()
        .AddScoped<Current>()
        .AddScoped(scope => Of(scope)._time)
        .AddScoped(scope => Of(scope)._options)
        .AddScoped<IdSource>(scope => Of(scope)._random)
        .AddScoped(scope => Of(scope)._database.Context())
        .AddScoped<Sent>()
        .AddScoped(scope => new Outlet(Of(scope)._random.NewId, scope.GetRequiredService<Sent>().Add))
        .AddScoped<ISendEndpointProvider>(scope => scope.GetRequiredService<Outlet>())
        .AddScoped<IPublishEndpoint>(scope => scope.GetRequiredService<Outlet>())
        .AddDroverCoordinator(new ConfigurationBuilder().Build())
        .BuildServiceProvider();

    private readonly SimulatedDatabase _database;
    private readonly HashSet<(Guid, string)> _inbox;
    private readonly Randomness _random;
    private readonly TimeProvider _time;
    private readonly IOptions<CoordinatorOptions> _options;
    private readonly Loop[] _loops;

    public SimulatedCoordinator(SimulatedDatabase database, HashSet<(Guid, string)> inbox, Course course, int outLimit, int inLimit)
    {
        (_database, _inbox, _random) = (database, inbox, course.Random);
        _time = new Process("coordinator", course.Thread, course.Agenda).Time;
        _options = Options.Create(new CoordinatorOptions { OutLimit = outLimit, InLimit = inLimit, SilentAfter = TimeSpan.FromMinutes(1) });
        _loops = [Loop<OverdueMigrations>(), Loop<PresenceWatch>(), Loop<CopiesWatch>()];
    }

    /// <summary>Handles one letter. Null: it was handled before.</summary>
    /// <param name="letter">The letter.</param>
    /// <param name="commit">False: the process is killed when everything is done but the commit.</param>
    /// <param name="begun">What <see cref="Begin"/> answered, when it was stopped in the middle; null when it was not.</param>
    /// <returns>What it sends, when it was committed.</returns>
    public IReadOnlyList<Letter>? Handle(Letter letter, bool commit, object? begun = null) => AtOnce.Result(HandleAsync(letter, commit, (AsyncServiceScope?)begun ?? Scope()));

    /// <summary>Begins to handle a letter: reads the sagas as they are now. Whatever it decides with that later is decided on an old view.</summary>
    public object Begin() => AtOnce.Result(BeginAsync());

    /// <summary>What it does when it starts: it arms again what the rows hold as armed.</summary>
    public IReadOnlyList<Letter> Start() => AtOnce.Result(StartAsync());

    /// <summary>The level-triggered looks: migrations whose time is over, hosts that are silent.</summary>
    public IReadOnlyList<Letter> Look() => AtOnce.Result(LookAsync());

    private static SimulatedCoordinator Of(IServiceProvider scope) => scope.GetRequiredService<Current>().Run;

    private T Loop<T>()
        where T : Loop => ActivatorUtilities.CreateInstance<T>(_services, _time, _options);

    private AsyncServiceScope Scope()
    {
        var scope = _services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Current>().Run = this;
        return scope;
    }

    private async Task<IReadOnlyList<Letter>?> HandleAsync(Letter letter, bool commit, AsyncServiceScope begun)
    {
        await using var scope = begun;
        var db = scope.ServiceProvider.GetRequiredService<DroverDbContext>();
        await using var transaction = await db.BeginWriteTransaction(CancellationToken.None);
        if (_inbox.Contains((letter.Id, letter.Queue)))
            return null;

        await letter.Open(new Reader(scope.ServiceProvider, db));
        if (db.ChangeTracker.HasChanges())
            await db.SaveChangesAsync();
        if (!commit)
            return [];
        await transaction.Commit(CancellationToken.None);
        _inbox.Add((letter.Id, letter.Queue));
        return scope.ServiceProvider.GetRequiredService<Sent>().Letters;
    }

    // What a context has read it does not read again: a query that finds the row gives the instance that is there already, as it was.
    private async Task<AsyncServiceScope> BeginAsync()
    {
        var scope = Scope();
        var db = scope.ServiceProvider.GetRequiredService<DroverDbContext>();
        await db.Migrations.LoadAsync();
        await db.Hosts.LoadAsync();
        return scope;
    }

    private async Task<IReadOnlyList<Letter>> StartAsync()
    {
        await using var scope = Scope();
        await SchedulesAtStart.Arm(scope.ServiceProvider.GetRequiredService<DroverDbContext>(), scope.ServiceProvider, CancellationToken.None);
        return scope.ServiceProvider.GetRequiredService<Sent>().Letters;
    }

    private async Task<IReadOnlyList<Letter>> LookAsync()
    {
        var sent = new List<Letter>();
        foreach (var loop in _loops)
        {
            await using var scope = Scope();
            await loop.Look(scope.ServiceProvider.GetRequiredService<DroverDbContext>(), scope.ServiceProvider, CancellationToken.None);
            sent.AddRange(scope.ServiceProvider.GetRequiredService<Sent>().Letters);
        }

        return sent;
    }

    /// <summary>Whose scope it is.</summary>
    private sealed class Current
    {
        public SimulatedCoordinator Run { get; set; } = null!;
    }

    /// <summary>What a scope sends, until its commit.</summary>
    private sealed class Sent
    {
        public List<Letter> Letters { get; } = [];

        public Task Add(Letter letter)
        {
            Letters.Add(letter);
            return Task.CompletedTask;
        }
    }

    /// <summary>Brings a letter to the saga or the consumer of its queue.</summary>
    private sealed class Reader(IServiceProvider scope, DroverDbContext db) : IReader
    {
        public Task Read<T>(Guid id, string queue, T message)
            where T : class
        {
            var delivery = new Delivery<T>(message, id, scope.GetRequiredService<Outlet>(), scope, CancellationToken.None);
            return queue switch
            {
                Queues.Migrations => Sagas.Raise(_migrations, delivery, db),
                Queues.Hosts => Sagas.Raise(_hosts, delivery, db),
                Queues.HostReports when message is GuestReported => ActivatorUtilities.CreateInstance<CopiesConsumer>(scope).Consume((ConsumeContext<GuestReported>)(object)delivery),
                _ => ((IConsumer<T>)ActivatorUtilities.CreateInstance(scope, _consumers[queue])).Consume(delivery),
            };
        }
    }
}
