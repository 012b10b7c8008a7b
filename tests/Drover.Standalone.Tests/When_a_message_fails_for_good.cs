using System.Collections.Concurrent;
using System.Text;
using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Drover.Contracts.Views;
using Drover.Store;
using Drover.Store.Outbox;
using Drover.Store.Schema;
using Drover.Store.Views;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Drover.Standalone.Tests;

/// <summary>Queues in memory have no error queue that outlives the process: the outbox is it.</summary>
public sealed class When_a_message_fails_for_good : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("drover-failed-test-").FullName;
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_kept_with_its_reason_over_a_restart_is_not_tried_by_itself_and_a_retry_handles_it()
    {
        var bad = new Consumers { Broken = true };
        using (var program = await Start(bad))
        {
            // A command, which an outbox row carries, and an agent's word, which none does.
            await Publish(program, Guid.NewGuid());
            await program.Services.GetRequiredService<IBus>().SendTo(Queues.HostReports, new HostReported { Host = "host-a", AgentId = Guid.NewGuid(), Report = 1, SentAt = DateTimeOffset.UtcNow }, Cancelled);
            await Testing.Eventually.Is(2, async () => (await Failed(program)).Count);

            var failed = (await Failed(program)).ToDictionary(message => message.Queue);
            Assert.Equal("drover.migrate-guest: InvalidDataException: this guest is cursed", failed["drover.commands"].Reason);
            Assert.Contains("\"guest\":\"web\"", failed["drover.commands"].Body, StringComparison.Ordinal);
            Assert.Equal("drover.host-reports: InvalidDataException: this host is cursed", failed["drover.host-reports"].Reason);
            Assert.Equal(nameof(HostReported), failed["drover.host-reports"].Type);
            await program.StopAsync(Cancelled);
        }

        var good = new Consumers();
        using (var program = await Start(good))
        {
            // Whatever is sent at the start has been sent when a later command arrives.
            var marker = Guid.NewGuid();
            await Publish(program, marker);
            await Testing.Eventually.True(() => good.Handled.Any(body => body.Contains($"{marker}", StringComparison.Ordinal)));
            Assert.Single(good.Handled);
            Assert.Equal(2, (await Failed(program)).Count);

            Assert.Equal(2, await In(program, parked => parked.Retry(null, Cancelled)));
            await Testing.Eventually.True(() => good.Handled.Count == 3);
            await Testing.Eventually.Is(0, () => Rows(program));
            Assert.Equal(0, await In(program, parked => parked.Retry(null, Cancelled)));
            await program.StopAsync(Cancelled);
        }
    }

    [Fact]
    public async Task A_dropped_one_is_gone_and_dropping_it_again_is_nothing()
    {
        using var program = await Start(new Consumers { Broken = true });
        await Publish(program, Guid.NewGuid());
        await Testing.Eventually.Is(1, async () => (await Failed(program)).Count);
        var row = long.Parse((await Failed(program)).Single().Id);
        Assert.Equal(1, await In(program, parked => parked.Drop([row], Cancelled)));
        Assert.Equal(0, await In(program, parked => parked.Drop([row], Cancelled)));
        Assert.Equal(0, await Rows(program));
        await program.StopAsync(Cancelled);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private async Task<IHost> Start(Consumers consumers)
    {
        LogContext.Current = null;
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddDroverStore(new StoreOptions { Database = Store.Database.Sqlite, ConnectionString = $"Data Source={folder}/drover.db" });
        builder.Services.AddSingleton(consumers);
        builder.Services.AddMassTransit(registration =>
        {
            registration.AddConsumer<Intake>();
            registration.AddConsumer<Reports>();
            registration.AddEntityFrameworkOutbox<DroverDbContext>(outbox =>
            {
                outbox.UseBusOutbox();
                outbox.UseDurableHop();
                outbox.ReceivingEndpoint = Wire.CommandQueue;
            });
            registration.UsingDrover(new BusOptions { Transport = BusTransport.InMemory }, (context, endpoints) =>
            {
                endpoints.KeepFailed = context.GetRequiredService<FailedMessages>().Keep;
                endpoints.Commands("migrate-guest", queue =>
                {
                    queue.UseEntityFrameworkOutbox<DroverDbContext>(context);
                    queue.ConfigureConsumer<Intake>(context);
                });
                endpoints.Core(Queues.HostReports, queue =>
                {
                    queue.UseEntityFrameworkOutbox<DroverDbContext>(context);
                    queue.ConfigureConsumer<Reports>(context);
                });
            });
        });
        var program = builder.Build();
        await using (var scope = program.Services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<DroverDbContext>().ApplySchema(Cancelled);
        await program.StartAsync(Cancelled);
        return program;
    }

    private static async Task Publish(IHost program, Guid id)
    {
        await using var scope = program.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(Wire.Command(new MigrateGuest { MigrationId = id, Guest = "web", Destination = "host-b" }), Cancelled);
        await scope.ServiceProvider.GetRequiredService<DroverDbContext>().SaveChangesAsync(Cancelled);
    }

    private static async Task<IReadOnlyList<FailedMessageView>> Failed(IHost program)
    {
        await using var scope = program.Services.CreateAsyncScope();
        return await OutboxQuery.Failed(scope.ServiceProvider.GetRequiredService<DroverDbContext>(), 10, Cancelled);
    }

    private static async Task<int> Rows(IHost program)
    {
        await using var scope = program.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DroverDbContext>().Set<OutboxMessage>().CountAsync(Cancelled);
    }

    private static async Task<int> In(IHost program, Func<ParkedRows, Task<int>> act)
    {
        await using var scope = program.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<ParkedRows>());
    }

    private sealed class Consumers
    {
        public bool Broken { get; init; }

        public ConcurrentQueue<string> Handled { get; } = new();
    }

    private sealed class Intake(Consumers consumers) : IConsumer<CommandBytes>
    {
        public Task Consume(ConsumeContext<CommandBytes> context)
        {
            if (consumers.Broken)
                throw new InvalidDataException("this guest is cursed");
            consumers.Handled.Enqueue(Encoding.UTF8.GetString(context.Message.Body));
            return Task.CompletedTask;
        }
    }

    private sealed class Reports(Consumers consumers) : IConsumer<HostReported>
    {
        public Task Consume(ConsumeContext<HostReported> context)
        {
            if (consumers.Broken)
                throw new InvalidDataException("this host is cursed");
            consumers.Handled.Enqueue(context.Message.Host);
            return Task.CompletedTask;
        }
    }
}
