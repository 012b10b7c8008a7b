using Drover.Testing;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Tests.Contract;

/// <summary>What the store promises, whichever database and transport is under it.</summary>
public abstract class StoreContract(StoreFixture store)
{
    [Fact]
    public async Task First_messages_that_race_make_one_saga()
    {
        var tallies = Enumerable.Range(0, 40).Select(_ => Guid.NewGuid()).ToList();
        await Task.WhenAll(tallies.SelectMany(tally => Enumerable.Range(0, 5).Select(_ => store.Publish(new Count { TallyId = tally }))));
        foreach (var tally in tallies)
            await Eventually.Is(5, async () => (await store.Tally(tally))?.Total ?? 0);
    }

    [Fact]
    public async Task Thirty_two_writers_on_one_saga_are_counted_exactly()
    {
        const int writers = 32, each = 25;
        var tally = Guid.NewGuid();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async _ =>
        {
            for (var i = 0; i < each; i++)
                await store.Publish(new Count { TallyId = tally });
        }));
        await Eventually.Is(writers * each, () => store.Effects(tally));

        var saga = await store.Tally(tally);
        Assert.Equal(writers * each, saga!.Total);
        Assert.Equal(writers * each, saga.Version);
        var totals = await store.Read(db => db.Effects.Where(effect => effect.TallyId == tally).Select(effect => effect.Total).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal(Enumerable.Range(1, writers * each), totals.Order());
    }

    [Fact]
    public async Task The_same_message_five_times_has_one_effect()
    {
        var tally = Guid.NewGuid();
        var message = Guid.NewGuid();
        var consumed = new ConsumedCount(message);
        using var observing = store.Bus.ConnectConsumeObserver(consumed);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => store.Publish(new Count { TallyId = tally }, context => context.MessageId = message)));
        await Eventually.True(() => consumed.Times == 5);

        Assert.Equal(1, (await store.Tally(tally))!.Total);
        await Eventually.Is(1, () => store.Effects(tally));
    }

    [Fact]
    public async Task A_throw_before_the_commit_is_tried_again_and_has_one_effect()
    {
        var tally = Guid.NewGuid();
        var strikes = 0;
        store.Sabotage.BeforeCommit(tally, () => Interlocked.Increment(ref strikes) < 3 ? throw new InvalidOperationException("sabotage") : Task.CompletedTask);
        await store.Publish(new Count { TallyId = tally });
        await Eventually.Is(1, () => store.Effects(tally));

        Assert.Equal(3, strikes);
        Assert.Equal(1, (await store.Tally(tally))!.Total);
    }

    [Fact]
    public async Task What_was_rolled_back_never_leaves()
    {
        var tally = Guid.NewGuid();
        store.Sabotage.BeforeCommit(tally, () => throw new InvalidOperationException("sabotage"));
        await store.Publish(new Count { TallyId = tally });
        await Eventually.True(() => store.Arrivals.HasFailed(tally));
        await Marker();

        Assert.Null(await store.Tally(tally));
        Assert.False(store.Arrivals.Has(tally));
        await Eventually.Is(0, store.OutboxRows);
    }

    [Fact]
    public async Task Nothing_leaves_before_the_commit()
    {
        var tally = Guid.NewGuid();
        using var struck = new SemaphoreSlim(0);
        using var mayCommit = new SemaphoreSlim(0);
        store.Sabotage.BeforeCommit(tally, () =>
        {
            struck.Release();
            return mayCommit.WaitAsync(TestContext.Current.CancellationToken);
        });
        await store.Publish(new Count { TallyId = tally });
        await struck.WaitAsync(TestContext.Current.CancellationToken);

        // A message of the same type to the same endpoint, sent later than the saga's, overtakes it.
        var marker = Guid.NewGuid();
        await store.Publish(new Counted { TallyId = marker, Total = 1 });
        await Eventually.True(() => store.Arrivals.Has(marker));
        Assert.False(store.Arrivals.Has(tally));

        mayCommit.Release();
        await Eventually.Is(1, () => store.Effects(tally));
    }

    [Fact]
    public async Task A_delivery_that_fails_after_the_commit_is_made_up_for()
    {
        var (tally, conversation) = (Guid.NewGuid(), Guid.NewGuid());
        store.Sabotage.BeforeCommit(tally, () => Task.FromResult(store.Sabotage.FailSends(conversation, times: 2)));
        await store.Publish(new Count { TallyId = tally }, context => context.ConversationId = conversation);
        await Eventually.Is(0, () => Task.FromResult(store.Sabotage.SendsLeftToFail(conversation)), whileWaiting: Sweep);
        await Eventually.Is(1, () => store.Effects(tally), whileWaiting: Sweep);
        Assert.Equal(1, (await store.Tally(tally))!.Total);
    }

    [Fact]
    public async Task Outside_of_consumers_a_message_leaves_when_it_is_saved_and_then_at_once()
    {
        var (saved, dropped) = (Guid.NewGuid(), Guid.NewGuid());
        await store.PublishInScope(new Count { TallyId = saved }, save: async () =>
        {
            await Marker();
            return await store.Tally(saved) is null;
        });
        await store.PublishInScope(new Count { TallyId = dropped }, save: () => Task.FromResult(false));
        await Eventually.Is(1, () => store.Effects(saved));
        await Marker();
        Assert.Null(await store.Tally(dropped));
        await Eventually.Is(0, store.OutboxRows);
    }

    [Fact]
    public async Task A_message_that_finds_its_sagas_by_a_query_finds_them_all()
    {
        const int total = 3;
        var tallies = new[] { Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid() };
        foreach (var tally in tallies)
        {
            await Task.WhenAll(Enumerable.Range(0, total).Select(_ => store.Publish(new Count { TallyId = tally })));
            await Eventually.Is(total, () => store.Effects(tally));
        }

        await store.Publish(new EndAll { Total = total });
        foreach (var tally in tallies)
            await Eventually.Is(null, () => store.Tally(tally));
    }

    /// <summary>Returns when a message sent now has gone all the way: what was sent before it has arrived by then, if it ever left.</summary>
    private async Task Marker()
    {
        var marker = Guid.NewGuid();
        await store.Publish(new Count { TallyId = marker });
        await Eventually.Is(1, () => store.Effects(marker));
    }

    /// <summary>Makes the sweeper look: a row written outside of consumers wakes it.</summary>
    private Task Sweep() => store.PublishInScope(new Count { TallyId = Guid.NewGuid() }, save: () => Task.FromResult(true));

    private sealed class ConsumedCount(Guid message) : IConsumeObserver
    {
        private int times;

        public int Times => times;

        public Task PreConsume<T>(ConsumeContext<T> context)
            where T : class => Task.CompletedTask;

        public Task PostConsume<T>(ConsumeContext<T> context)
            where T : class
        {
            if (context.MessageId == message)
                Interlocked.Increment(ref times);
            return Task.CompletedTask;
        }

        public Task ConsumeFault<T>(ConsumeContext<T> context, Exception exception)
            where T : class => Task.CompletedTask;
    }
}

/// <summary>The contract on SQLite and the in-memory transport, with the durable hop.</summary>
public sealed class A_store_on_SQLite_with_the_in_memory_transport(EmbeddedFixture store) : StoreContract(store), IClassFixture<EmbeddedFixture>;

/// <summary>The contract on PostgreSQL and RabbitMQ.</summary>
public sealed class A_store_on_PostgreSQL_with_RabbitMQ(ClusteredFixture store) : StoreContract(store), IClassFixture<ClusteredFixture>;
