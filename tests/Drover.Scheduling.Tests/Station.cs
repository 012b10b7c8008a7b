using System.Collections.Concurrent;
using Drover.Bus;
using Drover.Store;
using Drover.Store.Outbox;
using Drover.Store.Schema;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Drover.Scheduling.Tests;

/// <summary>What is to come later.</summary>
public sealed record Letter
{
    public required string Text { get; init; }
}

/// <summary>A letter that came.</summary>
public sealed record Arrival(string Text, Guid? Token, DateTimeOffset At);

/// <summary>One program with store, bus and scheduler, and a queue that takes letters behind the inbox.</summary>
public sealed class Station : IAsyncDisposable
{
    public const string LetterQueue = "test.letters";
    private readonly IHost program;
    private bool stopped;

    private Station(StoreOptions store, Uri? broker)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddFilter(level => level >= LogLevel.Warning);
        builder.Logging.AddProvider(new FireCount(() => Fired++));
        builder.Logging.AddFilter<FireCount>("Drover.Scheduling", LogLevel.Debug);
        builder.Services.AddDroverStore(store);
        builder.Services.AddDroverScheduling(store);
        builder.Services.AddMassTransit(bus =>
        {
            bus.AddEntityFrameworkOutbox<DroverDbContext>(outbox =>
            {
                outbox.UseBusOutbox();
                if (broker is null)
                    outbox.UseDurableHop();
            });
            bus.AddQuartzConsumers();
            bus.AddConsumer<Box>();
            bus.UsingDrover(new BusOptions { Transport = broker is null ? BusTransport.InMemory : BusTransport.RabbitMq, Url = broker, StopTimeout = TimeSpan.FromSeconds(1) }, (context, endpoints) =>
            {
                endpoints.Schedules(context);
                endpoints.Core(LetterQueue, e =>
                {
                    e.UseEntityFrameworkOutbox<DroverDbContext>(context);
                    e.ConfigureConsumer<Box>(context);
                });
            });
        });
        builder.Services.AddSingleton(this);
        program = builder.Build();
    }

    public ConcurrentQueue<Arrival> Arrived { get; } = [];

    /// <summary>How many triggers this program has fired.</summary>
    public int Fired { get; private set; }

    public static async Task<Station> Start(StoreOptions store, Uri? broker = null, bool withSchema = true)
    {
        LogContext.Current = null!;
        var station = new Station(store, broker);
        if (withSchema)
        {
            await using var scope = station.program.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<DroverDbContext>().ApplySchema(TestContext.Current.CancellationToken);
            await SchedulerSchema.Apply(store, TestContext.Current.CancellationToken);
        }
        await station.program.StartAsync(TestContext.Current.CancellationToken);
        return station;
    }

    /// <summary>In one transaction, which is then committed or not.</summary>
    public async Task Send(Func<ISendEndpointProvider, Task> send, bool commit = true)
    {
        await using var scope = program.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DroverDbContext>();
        await using var transaction = await db.BeginWriteTransaction(TestContext.Current.CancellationToken);
        await send(scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>());
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        if (commit)
            await transaction.Commit(TestContext.Current.CancellationToken);
    }

    public async Task<Guid> Schedule(string text, TimeSpan later, Guid? token = null)
    {
        var name = token ?? Guid.CreateVersion7();
        await Send(provider => provider.ScheduleSend(LetterQueue, DateTimeOffset.UtcNow + later, new Letter { Text = text }, name, TestContext.Current.CancellationToken));
        return name;
    }

    public Task Cancel(Guid token) => Send(provider => provider.CancelScheduledSend(token, TestContext.Current.CancellationToken));

    public async Task<int> Armed()
    {
        var scheduler = await program.Services.GetRequiredService<ISchedulerFactory>().GetScheduler(TestContext.Current.CancellationToken);
        return (await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.AnyGroup(), TestContext.Current.CancellationToken)).Count;
    }

    public async Task Stop()
    {
        stopped = true;
        await program.StopAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!stopped)
            await program.StopAsync(CancellationToken.None);
        program.Dispose();
    }

    public sealed class Box(Station station) : IConsumer<Letter>
    {
        public Task Consume(ConsumeContext<Letter> context)
        {
            station.Arrived.Enqueue(new Arrival(context.Message.Text, context.GetSchedulingTokenId(), DateTimeOffset.UtcNow));
            return Task.CompletedTask;
        }
    }

    private sealed class FireCount(Action fired) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 7003)
                lock (this)
                    fired();
        }

        public void Dispose()
        {
        }
    }
}
