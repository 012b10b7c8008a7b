using System.Net;
using System.Net.Sockets;
using Drover.Contracts.Views;
using Microsoft.EntityFrameworkCore;

namespace Drover.Standalone.Tests;

/// <summary>Whole lifecycles over HTTP, with the program as it is built.</summary>
public sealed class When_a_site_runs_in_one_process : IDisposable
{
    /// <summary>"web" is moved in a second; "busy" dirties its memory faster than any link here carries.</summary>
    private const string Yaml =
        """
        limits: {out: 1, in: 2}
        links: {lan: 2 Gbit}
        hosts:
          host-a:
            simulated:
              memory: 64 GiB
              link: lan
              guests:
                web: {memory: 1 GiB, used: 100 MiB, hot: 10 MiB, dirty: 1 MiB/s}
                mail: {memory: 1 GiB, used: 100 MiB}
                busy: {memory: 4 GiB, used: 500 MiB, hot: 300 MiB, dirty: 2 GiB/s}
          host-b:
            simulated: {memory: 64 GiB, link: lan}
        """;

    private readonly TestSite site = new(Yaml);

    [Fact]
    public async Task A_guest_is_moved_and_its_whole_story_can_be_read()
    {
        await using var drover = await site.Start();
        await drover.Knows("host-a", 3);

        var end = await drover.Until(await drover.Migrate("web", "host-b"), migration => migration.EndedAt is not null);

        Assert.Equal("completed", end.Migration.State);
        Assert.Equal(["migration.requested", "migration.admitted", "migration.started", "migration.completed"], end.Events.Select(evt => evt.RoutingKey));
        Assert.True(end.Migration is { Downtime.TotalMilliseconds: > 0, TransferredBytes: > 100 << 20, Passes: > 0 }, $"{end.Migration}");
        await drover.Knows("host-b", 1);
        await drover.Stop();
        Assert.Equal("host-b", (await site.Running())["web"]);
    }

    [Fact]
    public async Task What_was_answered_202_is_on_the_disk_when_the_power_fails()
    {
        await using var drover = await site.Start();
        await drover.Knows("host-a", 3);

        Assert.Equal("wal", Assert.Single(await site.Read(db => db.Database.SqlQueryRaw<string>("PRAGMA journal_mode").ToListAsync())));
        Assert.Equal(2, Assert.Single(await site.Read(db => db.Database.SqlQueryRaw<int>("PRAGMA synchronous").ToListAsync())));     // FULL, in the library that the program uses too
    }

    [Fact]
    public async Task A_guest_that_does_not_converge_is_cancelled_and_one_behind_it_in_the_lane_waits_and_goes()
    {
        await using var drover = await site.Start();
        await drover.Knows("host-a", 3);
        var busy = await drover.Migrate("busy", "host-b");
        await drover.Until(busy, migration => migration is { State: "pre-copying", Progress.Pass: > 1 });
        var behind = await drover.Migrate("mail", "host-b");
        Assert.Equal("out:host-a 1/1", (await drover.Until(behind, migration => migration.State == "queued" && migration.Reason?.StartsWith("out:", StringComparison.Ordinal) == true)).Migration.Reason);

        Assert.Equal(HttpStatusCode.Accepted, await drover.Post($"v1/migrations/{busy}/cancel", new { }));

        Assert.Equal("cancelled", (await drover.Until(busy, migration => migration.EndedAt is not null)).Migration.State);
        Assert.Equal("completed", (await drover.Until(behind, migration => migration.EndedAt is not null)).Migration.State);
        await drover.Stop();
        var running = await site.Running();
        Assert.Equal(("host-a", "host-b"), (running["busy"], running["mail"]));
    }

    [Fact]
    public async Task A_deadline_forces_what_would_not_converge_and_a_program_that_was_killed_before_it_keeps_its_word()
    {
        var (busy, later) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var killed = await site.Start())
        {
            await killed.Knows("host-a", 3);
            Assert.Equal(HttpStatusCode.Accepted, await killed.Post("v1/migrations", new { migrationId = later, guest = "web", destination = "host-b", notBefore = DateTimeOffset.UtcNow.AddSeconds(6) }));
            Assert.Equal(HttpStatusCode.Accepted, await killed.Post(
                "v1/migrations", new { migrationId = busy, guest = "busy", destination = "host-b", deadline = DateTimeOffset.UtcNow.AddSeconds(8), onDeadline = "force" }));
            await killed.Until(busy, migration => migration.StartedAt is not null);
            await killed.Kill();
        }

        await using var drover = await site.Start();
        var end = await drover.Until(busy, migration => migration.EndedAt is not null);
        Assert.Equal("completed", end.Migration.State);
        Assert.Contains(end.Events, evt => evt.RoutingKey == "migration.escalated");
        Assert.Equal("completed", (await drover.Until(later, migration => migration.EndedAt is not null)).Migration.State);
    }

    [Fact]
    public async Task The_same_id_again_is_the_same_migration_and_an_unknown_guest_is_refused_with_a_reason()
    {
        await using var drover = await site.Start();
        await drover.Knows("host-a", 3);
        var first = await drover.Migrate("web", "host-b");
        await drover.Migrate("web", "host-b", id: first);
        await drover.Until(first, migration => migration.State == "completed");
        await drover.Migrate("web", "host-b", id: first);
        var unknown = await drover.Migrate("nobody", "host-b");
        await site.Until(async db => await db.Events.AnyAsync(evt => evt.MigrationId == unknown && evt.RoutingKey == "command.rejected"));

        var end = await drover.Until(first, migration => migration.EndedAt is not null);
        Assert.Single(end.Events, evt => evt.RoutingKey == "migration.completed");
    }

    [Fact]
    public async Task Told_to_stop_it_ends_within_five_seconds_and_the_next_one_finds_what_moves()
    {
        await using (var drover = await site.Start())
        {
            await drover.Knows("host-a", 3);
            var busy = await drover.Migrate("busy", "host-b");
            await drover.Until(busy, migration => migration is { State: "pre-copying", Progress: not null });
            var (code, took) = await drover.Stop();
            Assert.Equal(0, code);
            Assert.True(took < TimeSpan.FromSeconds(5), $"{took}");
            Assert.False(File.Exists(Path.Combine(site.Data, "drover.holder")));
        }

        await using var next = await site.Start();
        var found = Assert.Single((await next.Get<MigrationList>("v1/migrations?state=unfinished")).Migrations);
        await next.Post($"v1/migrations/{found.MigrationId}/cancel", new { });
        Assert.Equal("cancelled", (await next.Until(found.MigrationId, migration => migration.EndedAt is not null)).Migration.State);
        Assert.DoesNotContain(next.Lines, line => line.Contains("begins to move", StringComparison.Ordinal));
        Assert.Contains(next.Lines, line => line.Contains("was found moving", StringComparison.Ordinal) && line.Contains("[host-a]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_one_on_the_same_folder_says_who_has_it()
    {
        await using var drover = await site.Start();
        await drover.Knows("host-a", 3);

        await using var second = StandaloneProcess.Begin(site.Config, site.Data);

        Assert.Equal(2, await second.Ends());
        var sentence = Assert.Single(second.Lines);
        Assert.StartsWith($"drover: The data folder \"{site.Data}\" is in use by process {drover.Id} since ", sentence, StringComparison.Ordinal);
        Assert.Contains($", API at {drover.Http.BaseAddress!.ToString().TrimEnd('/')}: stop that one first, or take another folder with --data.", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_taken_is_told_in_a_sentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        await using var drover = StandaloneProcess.Begin(site.Config, site.Data, listen: $"{other.LocalEndpoint}");

        Assert.Equal(2, await drover.Ends());
        Assert.Equal($"drover: Failed to bind to address http://{other.LocalEndpoint}: address already in use.", Assert.Single(drover.Lines));
    }

    [Fact]
    public async Task Limits_changed_in_the_file_hold_from_the_next_start()
    {
        site.Write(Yaml.Replace("out: 1", "out: 0", StringComparison.Ordinal));
        Guid waiting;
        await using (var drover = await site.Start())
        {
            await drover.Knows("host-a", 3);
            waiting = await drover.Migrate("web", "host-b");
            await drover.Until(waiting, migration => migration.Reason == "out:host-a 0/0");
            await drover.Kill();
        }
        site.Write(Yaml);

        await using var next = await site.Start();

        Assert.Equal("completed", (await next.Until(waiting, migration => migration.EndedAt is not null)).Migration.State);
    }

    [Fact]
    public async Task Orders_to_a_host_that_the_file_names_no_more_come_back()
    {
        const string Gone = "  host-c:\n    libvirt: {uri: qemu+tcp://127.0.0.1:1/system}\n";
        site.Write(Yaml.Replace("out: 1", "out: 0", StringComparison.Ordinal) + "\n" + Gone);
        Guid waiting;
        await using (var drover = await site.Start())
        {
            await drover.Knows("host-a", 3);
            await drover.Knows("host-c", 0);
            waiting = await drover.Migrate("web", "host-c");
            await drover.Until(waiting, migration => migration.State == "queued");
            await drover.Kill();
        }
        site.Write(Yaml);

        await using var next = await site.Start();

        var end = await next.Until(waiting, migration => migration.EndedAt is not null);
        Assert.Equal(("failed", "host-c did not take its order: the site's file names no such host"), (end.Migration.State, end.Migration.Reason));
    }

    public void Dispose() => site.Dispose();
}
