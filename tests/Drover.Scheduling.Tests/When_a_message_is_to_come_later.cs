using Drover.Bus;
using Drover.Store;
using Drover.Testing;

namespace Drover.Scheduling.Tests;

/// <summary>One process on SQLite, queues in memory.</summary>
public sealed class When_a_message_is_to_come_later : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Late = TimeSpan.FromHours(1);
    private readonly string folder = Directory.CreateTempSubdirectory("drover-schedules-test-").FullName;

    private StoreOptions Store => new() { Database = Database.Sqlite, ConnectionString = $"Data Source={folder}/drover.db" };

    [Fact]
    public async Task It_comes_at_its_time_with_its_token_and_is_gone_then()
    {
        await using var station = await Station.Start(Store);
        var due = DateTimeOffset.UtcNow + Soon;
        var token = await station.Schedule("now", Soon);
        await Eventually.True(() => !station.Arrived.IsEmpty);

        var letter = Assert.Single(station.Arrived);
        Assert.Equal(("now", token), (letter.Text, letter.Token));
        Assert.True(letter.At >= due, $"it came {due - letter.At} too early");
        await Eventually.Is(0, station.Armed);
        Assert.True(File.Exists(Path.Combine(folder, "schedules.db")), "the schedules have a file of their own");
    }

    [Fact]
    public async Task One_that_is_taken_back_never_comes()
    {
        await using var station = await Station.Start(Store);
        var token = await station.Schedule("taken back", Late);
        await Eventually.Is(1, station.Armed);
        await station.Cancel(token);
        await Eventually.Is(0, station.Armed);
        Assert.Empty(station.Arrived);
    }

    [Fact]
    public async Task The_same_token_again_replaces_it()
    {
        await using var station = await Station.Start(Store);
        var token = await station.Schedule("first", Late);
        await Eventually.Is(1, station.Armed);
        await station.Schedule("second", Soon, token);
        await Eventually.True(() => !station.Arrived.IsEmpty);
        Assert.Equal("second", Assert.Single(station.Arrived).Text);
        await Eventually.Is(0, station.Armed);
    }

    [Fact]
    public async Task A_trigger_that_fires_twice_is_taken_once()
    {
        await using var station = await Station.Start(Store);
        var (token, at) = (Guid.CreateVersion7(), DateTimeOffset.UtcNow);
        for (var n = 1; n <= 2; n++)
        {
            await station.Send(provider => provider.ScheduleSend(Station.LetterQueue, at, new Letter { Text = "once" }, token, TestContext.Current.CancellationToken));
            await Eventually.True(() => station.Fired == n);
        }

        await station.Schedule("after it", TimeSpan.Zero);
        await Eventually.True(() => station.Arrived.Any(letter => letter.Text == "after it"));
        Assert.Single(station.Arrived, letter => letter.Text == "once");
    }

    [Fact]
    public async Task What_is_rolled_back_has_scheduled_nothing()
    {
        await using var station = await Station.Start(Store);
        await station.Send(
            provider => provider.ScheduleSend(Station.LetterQueue, DateTimeOffset.UtcNow, new Letter { Text = "rolled back" }, Guid.CreateVersion7(), TestContext.Current.CancellationToken),
            commit: false);
        await station.Schedule("committed after it", TimeSpan.Zero);
        await Eventually.True(() => !station.Arrived.IsEmpty);
        Assert.Equal("committed after it", Assert.Single(station.Arrived).Text);
        await Eventually.Is(0, station.Armed);
    }

    [Fact]
    public async Task What_became_due_while_the_program_was_away_comes_when_it_is_back()
    {
        await using (var before = await Station.Start(Store))
        {
            await before.Schedule("due while away", TimeSpan.FromSeconds(1));
            await before.Schedule("not due yet", Late);
            await Eventually.Is(2, before.Armed);
            await before.Stop();
            Assert.Empty(before.Arrived);
        }

        await using var after = await Station.Start(Store);
        await Eventually.True(() => !after.Arrived.IsEmpty);
        Assert.Equal("due while away", Assert.Single(after.Arrived).Text);
        await Eventually.Is(1, after.Armed);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
