using System.Diagnostics;
using Drover.Testing;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Tests.Contract;

/// <summary>What the store promises of a program that is killed with -9 again and again.</summary>
public abstract class KillContract(Func<Task<TestHost.Place>> newPlace)
{
    private const int Kills = 10;
    private const int Tallies = 200;

    [Fact]
    public async Task Killed_at_ten_random_moments_all_sagas_end_and_every_effect_is_there_once()
    {
        var place = await newPlace();
        await using (var db = TestHost.Context(place))
            await db.Database.EnsureCreatedAsync(TestContext.Current.CancellationToken);
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);

        // The first moment is before the first message; the others are spread so that work is left for the last run.
        await RunUntil(place, messages: 0);
        for (var kill = 1; kill < Kills; kill++)
            Assert.False(await RunUntil(place, messages: random.Next(1, 100)), "The work ended before the last kill: give the child more of it.");
        Assert.True(await RunUntil(place, messages: int.MaxValue));

        await AllEnded(place);
    }

    /// <summary>Starts the child and kills it when it has received so many messages. True if it said that it was done before.</summary>
    private static async Task<bool> RunUntil(TestHost.Place place, int messages)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["child", place.Database, place.Broker?.ToString() ?? "-", $"{Tallies}"]) { RedirectStandardOutput = true };
        using var child = Process.Start(start)!;
        try
        {
            for (var received = 0; received < messages; received++)
            {
                var line = await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
                if (line is Child.Done)
                    return true;
                Assert.True(line is not null, $"The child ended by itself after {received} messages.");
            }

            return false;
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task AllEnded(TestHost.Place place)
    {
        await using var db = TestHost.Context(place);
        var sagas = await db.Tallies.AsNoTracking().ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Tallies, sagas.Count);
        Assert.All(sagas, saga => Assert.Equal((Child.Steps, Child.Steps), (saga.Total, saga.Version)));

        var effects = await db.Effects.Where(effect => effect.TallyId != Guid.Empty).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Tallies * Child.Steps, effects.Count);
        Assert.Equal(Tallies * Child.Steps, effects.Select(effect => (effect.TallyId, effect.Total)).Distinct().Count());
        Assert.Equal(0, await db.Outbox.CountAsync(TestContext.Current.CancellationToken));
    }
}

/// <summary>kill -9 of a program on SQLite and the in-memory transport.</summary>
public sealed class A_killed_program_on_SQLite_with_the_in_memory_transport() : KillContract(Places.Embedded);

/// <summary>kill -9 of a program on PostgreSQL and RabbitMQ.</summary>
public sealed class A_killed_program_on_PostgreSQL_with_RabbitMQ(PrivatePostgres postgres, PrivateRabbitMq rabbitMq)
    : KillContract(() => Places.Clustered(postgres, rabbitMq));
