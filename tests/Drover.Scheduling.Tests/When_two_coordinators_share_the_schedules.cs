using Drover.Store;
using Drover.Store.Schema;
using Drover.Testing;

[assembly: AssemblyFixture(typeof(PrivatePostgres))]
[assembly: AssemblyFixture(typeof(PrivateRabbitMq))]

namespace Drover.Scheduling.Tests;

/// <summary>Two processes' worth of scheduler on one PostgreSQL and one RabbitMQ.</summary>
public class When_two_coordinators_share_the_schedules(PrivatePostgres postgres, PrivateRabbitMq rabbit)
{
    private const int Many = 60;

    [Fact]
    public async Task Each_schedule_fires_once()
    {
        var store = new StoreOptions { ConnectionString = await postgres.CreateDatabase() };
        var broker = await rabbit.CreateVirtualHost();
        await using var one = await Station.Start(store, broker);
        await using var other = await Station.Start(store, broker);
        for (var n = 0; n < Many; n++)
            await (n % 2 == 0 ? one : other).Schedule($"letter {n}", TimeSpan.FromSeconds(2));
        await Eventually.Is(Many, () => Task.FromResult(one.Arrived.Count + other.Arrived.Count));
        await Eventually.Is(0, one.Armed);

        Assert.Equal(Many, one.Arrived.Concat(other.Arrived).Select(letter => letter.Text).Distinct().Count());
        Assert.Equal(Many, one.Fired + other.Fired);
        TestContext.Current.SendDiagnosticMessage($"one fired {one.Fired}, the other {other.Fired}");
    }

    [Fact]
    public async Task One_fires_what_the_other_has_armed_and_does_not_live_to_see()
    {
        var store = new StoreOptions { ConnectionString = await postgres.CreateDatabase() };
        var broker = await rabbit.CreateVirtualHost();
        await using var other = await Station.Start(store, broker);
        await using (var one = await Station.Start(store, broker))
        {
            await one.Schedule("inherited", TimeSpan.FromSeconds(3));
            await Eventually.Is(1, one.Armed);
            await one.Stop();
        }

        await Eventually.True(() => !other.Arrived.IsEmpty);
        Assert.Equal("inherited", Assert.Single(other.Arrived).Text);
    }

    [Fact]
    public async Task Its_tables_are_made_once_however_many_ask()
    {
        var store = new StoreOptions { ConnectionString = await postgres.CreateDatabase() };
        var refusal = await Assert.ThrowsAsync<SchemaOutdatedException>(() => Station.Start(store, broker: null, withSchema: false));
        Assert.Contains("quartz missing. Run \"drover schema apply\"", refusal.Message, StringComparison.Ordinal);
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => SchedulerSchema.Apply(store, TestContext.Current.CancellationToken)));
        Assert.Single(made, one => one);
        Assert.True(await SchedulerSchema.IsApplied(store, TestContext.Current.CancellationToken));
    }
}
