using Drover.Testing;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Drover.Upgrade.Tests;

/// <summary>The previous coordinator and today's, real processes on one broker and one database, and guests that move while one takes over from the other and back.</summary>
public class When_two_versions_run_side_by_side(PreviousVersion previous, PrivatePostgres postgres, PrivateRabbitMq broker)
{
    [Fact]
    public async Task Every_migration_ends_once_whoever_of_them_handles_it()
    {
        var (database, url) = (await postgres.CreateDatabase(), await broker.CreateVirtualHost());
        (string, string)[] settings = [("Store__ConnectionString", database), ("Bus__Url", url.ToString()), ("Coordinator__OutLimit", "4"), ("Coordinator__InLimit", "4")];
        await using var data = NpgsqlDataSource.Create(database);
        await DroverProcess.Run(previous.Program, "schema apply", settings);
        var moved = new List<Guid>();

        await using var old = await DroverProcess.Start(previous.Program, "coordinator", settings);
        await using var site = await Site.Start(url);
        await Until(data, "SELECT count(*) FROM guest", Site.Guests.Count);
        await Move(0..4);
        await DroverProcess.Run(DroverProcess.Today, "schema apply", settings);
        await using var today = await DroverProcess.Start(DroverProcess.Today, "coordinator", settings);
        await Move(4..8);
        await Until(data, Completed, 6);
        await old.Stop();
        await Move(8..10);
        await Until(data, Completed, 9);

        // And back: a version that disappoints is taken out again.
        await using var oldAgain = await DroverProcess.Start(previous.Program, "coordinator", settings);
        await today.Stop();
        await Move(10..12);
        await Until(data, Completed, Site.Guests.Count);

        Assert.All(await Stories(data), story => Assert.Equal((story.Count, "migration.completed"), (story.Last, story.End)));
        Assert.Equal(moved.Count, (await Stories(data)).Count);
        Assert.Contains(today.Lines, line => line.Contains("migration.", StringComparison.Ordinal));
        Assert.Contains(old.Lines, line => line.Contains("migration.", StringComparison.Ordinal));
        Assert.Empty(await LeftOver(url));

        async Task Move(Range guests)
        {
            foreach (var guest in Site.Guests.Take(guests))
            {
                moved.Add(Guid.CreateVersion7());
                await site.Move(moved[^1], guest, moved.Count % 2 == 0 ? "host-b" : "host-c");
            }
        }
    }

    private const string Completed = "SELECT count(*) FROM migration WHERE current_state = 'Completed'";

    private static async Task Until(NpgsqlDataSource data, string count, long expected) => await Eventually.Is(true, async () =>
    {
        await using var command = data.CreateCommand(count);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))! >= expected;
    }, patience: TimeSpan.FromMinutes(2));

    /// <summary>Of each migration: how many events it has, the number of the last, and what the last says.</summary>
    private static async Task<List<(long Count, long Last, string End)>> Stories(NpgsqlDataSource data)
    {
        await using var command = data.CreateCommand(
            "SELECT count(*), max(sequence), (array_agg(routing_key ORDER BY sequence DESC))[1] FROM event WHERE migration_id IS NOT NULL AND sequence IS NOT NULL GROUP BY migration_id");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var stories = new List<(long, long, string)>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            stories.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2)));
        return stories;
    }

    /// <summary>Queues of messages that a version could not handle, or did not know.</summary>
    private static async Task<List<string>> LeftOver(Uri url)
    {
        await using var connection = await new ConnectionFactory { Uri = url }.CreateConnectionAsync(TestContext.Current.CancellationToken);
        var left = new List<string>();
        foreach (var queue in (string[])[Bus.Queues.Migrations, Bus.Queues.Admission, Bus.Queues.Hosts, Bus.Queues.HostReports, Bus.Queues.Progress, Bus.Queues.ReturnedOrders])
        {
            foreach (var name in (string[])[$"{queue}_error", $"{queue}_skipped"])
            {
                await using var channel = await connection.CreateChannelAsync(cancellationToken: TestContext.Current.CancellationToken);
                try
                {
                    if (await channel.MessageCountAsync(name, TestContext.Current.CancellationToken) is > 0 and var count)
                        left.Add($"{name} holds {count}");
                }
                catch (OperationInterruptedException)
                {
                    // It was never needed.
                }
            }
        }

        return left;
    }
}
