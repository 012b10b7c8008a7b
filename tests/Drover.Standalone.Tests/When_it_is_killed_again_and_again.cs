using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;

namespace Drover.Standalone.Tests;

/// <summary>
/// kill -9 at random moments under load: what was accepted is done, once. Five kills; <c>DROVER_KILLS=50</c> in the environment asks for more, and
/// <c>DROVER_SEED</c> for the load and the moments of a run before; <c>DROVER_KEEP_LOG=FILE</c> keeps what the program said.
/// </summary>
public sealed partial class When_it_is_killed_again_and_again : IDisposable
{
    private const int Clients = 6;

    /// <summary>The latest moment of a kill: a start writes some ten lines, and the load some tens each second.</summary>
    private static readonly KillAt Latest = new(Lines: 400, Then: TimeSpan.FromMilliseconds(200));
    private static readonly string[] Hosts = ["host-a", "host-b", "host-c"];
    private static readonly string[] Guests = [.. Enumerable.Range(1, 9).Select(n => $"guest-{n}")];
    private readonly TestSite site = new(Yaml());
    private readonly List<string> lines = [];

    [Fact]
    public async Task What_was_accepted_ends_once_and_every_guest_runs_once_where_its_migrations_say()
    {
        var kills = Number("DROVER_KILLS") ?? 5;
        var seed = Number("DROVER_SEED") ?? Random.Shared.Next();
        Say($"{kills} kills, seed {seed}");
        var random = new Random(seed);
        var load = new Load(Guests, Hosts, seed);
        var clients = load.Run(Clients);
        var took = Stopwatch.StartNew();

        for (var kill = 0; kill < kills; kill++)
        {
            await using var victim = StandaloneProcess.Begin(site.Config, site.Data, new KillAt(random.Next(1, Latest.Lines), random.NextDouble() * Latest.Then), load.Use);
            await victim.Killed();
            load.Lose();
            lines.AddRange(victim.Lines);
        }
        await using var last = await site.Start();
        load.Use(last);
        var before = load.Accepted.Count;
        await Testing.Eventually.Is(true, () => Task.FromResult(load.Accepted.Count >= before + Clients), patience: StandaloneProcess.Patience);
        load.End();
        await clients.WaitAsync(StandaloneProcess.Patience, TestContext.Current.CancellationToken);
        await site.Until(async db => !await db.Migrations.AnyAsync(saga => saga.EndedAt == null) && !await db.Set<Store.Outbox.OutboxMessage>().AnyAsync());
        await last.Stop();
        lines.AddRange(last.Lines);

        if (Environment.GetEnvironmentVariable("DROVER_KEEP_LOG") is { Length: > 0 } keep)
            await File.WriteAllLinesAsync(keep, lines, TestContext.Current.CancellationToken);
        await AllAsPromised(load);
        Say($"{took.Elapsed.TotalSeconds:0} s; {load.Accepted.Count} requests and {load.Cancels} cancels accepted; "
            + string.Join(", ", await site.Read(db => db.Migrations.GroupBy(saga => saga.CurrentState).Select(group => $"{group.Count()} {group.Key}").ToListAsync()))
            + $"; {Count("was found moving")} transfers were found moving, {lines.Count} lines of log");
    }

    public void Dispose() => site.Dispose();

    private async Task AllAsPromised(Load load)
    {
        var sagas = await site.Read(db => db.Migrations.AsNoTracking().ToDictionaryAsync(saga => saga.CorrelationId));
        var events = (await site.Read(db => db.Events.AsNoTracking().Where(evt => evt.MigrationId != null).OrderBy(evt => evt.Id).ToListAsync())).ToLookup(evt => evt.MigrationId!.Value);
        var begun = lines.Select(line => Begins().Match(line)).Where(match => match.Success).GroupBy(match => Guid.Parse(match.Groups[1].Value)).ToDictionary(group => group.Key, group => group.Count());

        Assert.Subset(load.Asked.ToHashSet(), sagas.Keys.ToHashSet());
        foreach (var id in load.Accepted.Keys)
            Assert.True(sagas.ContainsKey(id) || events[id].Any(evt => evt.RoutingKey == "command.rejected"), $"{id} was accepted and is lost");
        foreach (var (id, saga) in sagas)
        {
            var story = events[id].Where(evt => evt.Sequence is not null).ToList();
            Assert.Equal(Enumerable.Range(1, story.Count).Select(n => (long?)n), story.Select(evt => evt.Sequence));
            var ends = story.Where(evt => evt.RoutingKey is "migration.completed" or "migration.cancelled" or "migration.failed").ToList();
            Assert.Equal($"migration.{saga.CurrentState.ToLowerInvariant()}", Assert.Single(ends).RoutingKey);
            Assert.Same(story[^1], ends[0]);
            Assert.True(begun.GetValueOrDefault(id) <= 1, $"the transfer of {id} began {begun.GetValueOrDefault(id)} times");
            Assert.True(saga.CurrentState != "Completed" || begun.ContainsKey(id), $"{id} is completed and never began");
        }

        // Each guest is where its last completed migration took it, and nowhere else.
        var expected = Guests.ToDictionary(guest => guest, guest => sagas.Values
            .Where(saga => saga.Guest == guest && saga.CurrentState == "Completed").OrderBy(saga => saga.EndedAt).Select(saga => saga.Destination).LastOrDefault() ?? FirstHostOf(guest));
        Assert.Equal(expected.OrderBy(one => one.Key), (await site.Running()).OrderBy(one => one.Key));

        Assert.Equal(0, await site.Read(db => db.Slots.CountAsync()));
        Assert.Equal(0, await site.Read(db => db.Waiting.CountAsync()));
        Assert.DoesNotContain(lines, line => line.Contains(" ERR ", StringComparison.Ordinal) || line.Contains(" FTL ", StringComparison.Ordinal));
    }

    private int Count(string text) => lines.Count(line => line.Contains(text, StringComparison.Ordinal));

    private static string FirstHostOf(string guest) => Hosts[Array.IndexOf(Guests, guest) % Hosts.Length];

    /// <summary>Small guests on a fast link, so that a move takes about a second, and one in three that takes several passes more.</summary>
    private static string Yaml() =>
        "limits: {out: 2, in: 2}\nlinks: {lan: 2 Gbit}\nhosts:\n" + string.Concat(Hosts.Select(host =>
            $"  {host}:\n    simulated:\n      memory: 64 GiB\n      link: lan\n      guests:\n"
            + string.Concat(Guests.Where(guest => FirstHostOf(guest) == host).Select((guest, number) =>
                $"        {guest}: {{memory: 1 GiB, used: 300 MiB, hot: 8 MiB, dirty: {(number == 0 ? 100 : 5)} MiB/s}}\n"))));

    private static int? Number(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    private static void Say(string what) => TestContext.Current.TestOutputHelper?.WriteLine(what);

    [GeneratedRegex("Migration ([0-9a-f-]{36}): .* begins to move to ")]
    private static partial Regex Begins();
}
