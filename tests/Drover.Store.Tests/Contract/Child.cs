using Drover.Testing;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Drover.Store.Tests.Contract;

/// <summary>The program that the kill tests end with -9: starts a number of tallies once, counts each to <see cref="Steps"/>, and says what it does.</summary>
public static class Child
{
    /// <summary>How far each tally is counted.</summary>
    public const int Steps = 3;

    /// <summary>Printed when every tally has ended and nothing is left to send.</summary>
    public const string Done = "done";

    /// <summary>Arguments: the database, the broker or "-", and how many tallies.</summary>
    public static async Task<int> Run(string[] args)
    {
        var place = new TestHost.Place(args[0], args[1] == "-" ? null : new Uri(args[1]));
        var tallies = int.Parse(args[2]);
        using var host = TestHost.Build(
            place, outbox => (outbox.QueryDelay, outbox.DeliveryGrace) = (TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1)));
        host.Services.GetRequiredService<IBus>().ConnectReceiveObserver(new Narrator());
        await host.StartAsync();
        await StartOnce(host.Services, tallies);
        await Eventually.Is(true, () => HasEnded(host.Services, tallies), patience: TimeSpan.FromMinutes(2));
        Console.WriteLine(Done);
        await host.StopAsync();
        return 0;
    }

    /// <summary>All first messages in one transaction with a mark that they were written: whenever we are killed, they were or they were not.</summary>
    private static async Task StartOnce(IServiceProvider services, int tallies)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TestDbContext>();
        if (await db.Effects.AnyAsync(effect => effect.TallyId == Guid.Empty))
            return;
        var endpoint = scope.ServiceProvider.GetRequiredService<IPublishEndpoint>();
        for (var i = 0; i < tallies; i++)
            await endpoint.Publish(new Count { TallyId = Guid.NewGuid(), Until = Steps });
        db.Effects.Add(new Effect { TallyId = Guid.Empty, Total = 0 });
        await db.SaveChangesAsync();
    }

    private static async Task<bool> HasEnded(IServiceProvider services, int tallies)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TestDbContext>();
        return await db.Effects.CountAsync(effect => effect.Total == Steps) >= tallies && !await db.Outbox.AnyAsync();
    }

    /// <summary>A line per message received: the clock by which the parent chooses its moment.</summary>
    private sealed class Narrator : IReceiveObserver
    {
        public Task PreReceive(ReceiveContext context)
        {
            Console.WriteLine("received");
            return Task.CompletedTask;
        }

        public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

        public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
            where T : class => Task.CompletedTask;

        public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
            where T : class => Task.CompletedTask;

        public Task ReceiveFault(ReceiveContext context, Exception exception) => Task.CompletedTask;
    }
}
