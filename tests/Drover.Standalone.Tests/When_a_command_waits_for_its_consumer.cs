using Drover.Bus;
using Drover.Contracts.Migrations;
using Drover.Store;
using Drover.Store.Outbox;
using Drover.Store.Schema;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Drover.Standalone.Tests;

/// <summary>
/// A command's consumer takes bytes, under another type and id than the command was written with. The outbox must keep the command all the same until the
/// consumer has committed: a queue in memory is no place for what was answered 202.
/// </summary>
public sealed class When_a_command_waits_for_its_consumer : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("drover-hop-test-").FullName;
    private readonly Stumbling consumer = new();

    [Fact]
    public async Task Its_row_stays_until_the_consumer_has_committed_and_is_gone_then()
    {
        using var program = Program();
        await Read(program, async db => await db.ApplySchema(TestContext.Current.CancellationToken));
        await program.StartAsync(TestContext.Current.CancellationToken);
        await using (var scope = program.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<DroverDbContext>();
            await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(
                Wire.Command(new MigrateGuest { MigrationId = Guid.NewGuid(), Guest = "web", Destination = "host-b" }), TestContext.Current.CancellationToken);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        // It was sent, and two tries have failed: whoever is killed now must find it again.
        await consumer.ThirdTry.Task.WaitAsync(StandaloneProcess.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(1, await Rows(program));
        consumer.May.SetResult();

        await Testing.Eventually.Is(0, () => Rows(program));
        await program.StopAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private IHost Program()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddDroverStore(new StoreOptions { Database = Store.Database.Sqlite, ConnectionString = $"Data Source={folder}/drover.db" });
        builder.Services.AddSingleton(consumer);
        builder.Services.AddMassTransit(registration =>
        {
            registration.AddConsumer<Stumbler>();
            registration.AddEntityFrameworkOutbox<DroverDbContext>(outbox =>
            {
                outbox.UseBusOutbox();
                outbox.UseDurableHop();
                outbox.ReceivingEndpoint = Wire.CommandQueue;
            });
            registration.UsingDrover(new BusOptions { Transport = BusTransport.InMemory }, (context, endpoints) => endpoints.Commands("migrate-guest", queue =>
            {
                queue.UseEntityFrameworkOutbox<DroverDbContext>(context);
                queue.ConfigureConsumer<Stumbler>(context);
            }));
        });
        return builder.Build();
    }

    private static Task<int> Rows(IHost program) => Read(program, db => db.Set<OutboxMessage>().CountAsync());

    private static async Task<T> Read<T>(IHost program, Func<DroverDbContext, Task<T>> read)
    {
        await using var scope = program.Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<DroverDbContext>());
    }

    private sealed class Stumbling
    {
        public int Tries;
        public TaskCompletionSource ThirdTry { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource May { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Stumbler(Stumbling stumbling) : IConsumer<CommandBytes>
    {
        public async Task Consume(ConsumeContext<CommandBytes> context)
        {
            if (Interlocked.Increment(ref stumbling.Tries) < 3)
                throw new InvalidOperationException("not yet");
            stumbling.ThirdTry.TrySetResult();
            await stumbling.May.Task.WaitAsync(context.CancellationToken);
        }
    }
}
