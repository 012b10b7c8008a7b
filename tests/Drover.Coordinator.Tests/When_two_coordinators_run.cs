using Drover.Bus;
using Drover.Contracts.Agents;
using Drover.Contracts.Migrations;
using Drover.Coordinator.Hosts;
using Drover.Coordinator.Migrations;
using Drover.Coordinator.Retention;
using Drover.Testing;
using Microsoft.EntityFrameworkCore;

namespace Drover.Coordinator.Tests;

/// <summary>One PostgreSQL, one RabbitMQ, Quartz clustered, two coordinators: whatever passes by time happens once.</summary>
public class When_two_coordinators_run(PrivatePostgres postgres, PrivateRabbitMq rabbit)
{
    private const int Many = 12;
    private readonly Guest[] guests = [.. Enumerable.Range(1, Many).Select(n => Guest.Named($"guest-{n}"))];
    private readonly Dictionary<Guid, Guest> moves = [];

    [Fact]
    public async Task Each_start_each_deadline_and_each_round_of_retention_comes_once()
    {
        var (database, broker) = (await postgres.CreateDatabase(), await rabbit.CreateVirtualHost());
        (string, string)[] settings = [("OutLimit", "64"), ("InLimit", "64"), ("KeepEndedFor", "1.00:00:00")];
        await using var one = await Coordination.Start(["host-a", "host-b"], settings, database, broker, scheduler: true);
        await using var other = await Coordination.Start([], settings, database, broker, scheduler: true);
        var (starts, deadlines) = ((one.Count<ReachNotBefore>(), other.Count<ReachNotBefore>()), (one.Count<ReachDeadline>(), other.Count<ReachDeadline>()));
        one.Agents["host-a"].OnBegin = order => [AgentDouble.Began(order)];
        await one.Report("host-a", guests);
        await one.Report("host-b");
        var now = DateTimeOffset.UtcNow;
        await Ask(one, c => c with { NotBefore = now.AddSeconds(4), Deadline = now.AddSeconds(6) });

        await one.Until(async db => await db.Events.CountAsync(row => row.RoutingKey == "migration.struggling") >= Many);
        await Eventually.True(() => starts.Item1.Messages.Count + starts.Item2.Messages.Count >= Many && deadlines.Item1.Messages.Count + deadlines.Item2.Messages.Count >= Many);
        Assert.Equal(moves.Keys.Order(), starts.Item1.Messages.Concat(starts.Item2.Messages).Select(message => message.MigrationId).Order());
        Assert.Equal(moves.Keys.Order(), deadlines.Item1.Messages.Concat(deadlines.Item2.Messages).Select(message => message.MigrationId).Order());
        foreach (var id in moves.Keys)
            Assert.Single(await one.Story(id), key => key == "migration.struggling");

        await one.Until(async db => await db.Migrations.CountAsync(saga => saga.CurrentState == "PreCopying") == Many);
        one.Agents["host-a"].OnReport = _ => AgentDouble.Absent;
        one.Agents["host-b"].OnReport = order => AgentDouble.Running(order.MigrationId);
        foreach (var id in moves.Keys)
            await one.SendTo(Queues.Migrations, new TransferEnded { MigrationId = id, Attempt = 1, Epoch = 2 });
        await one.Until(async db => await db.Migrations.CountAsync(saga => saga.CurrentState == "Completed") == Many);
        await one.Read(db => db.Migrations.ExecuteUpdateAsync(set => set.SetProperty(saga => saga.EndedAt, now.AddDays(-2))));
        await Task.WhenAll(one.Handled(Queues.Retention, new TakeEnded()), other.Handled(Queues.Retention, new TakeEnded()));
        await one.Until(async db => await db.Tombstones.CountAsync() == Many && !await db.Migrations.AnyAsync());
    }

    [Fact]
    public async Task Each_migration_is_checked_on_once_and_each_silence_noticed_once()
    {
        var (database, broker) = (await postgres.CreateDatabase(), await rabbit.CreateVirtualHost());
        string[] hosts = ["host-a", "host-b", "host-c", "host-d"];
        (string, string)[] settings = [("OutLimit", "0"), ("SilentAfter", "00:00:05"), ("LookEvery", "00:00:00.1")];
        await using var one = await Coordination.Start(hosts, settings, database, broker);
        await using var other = await Coordination.Start([], settings, database, broker);
        var (checks, silences) = ((one.Count<CheckOn>(), other.Count<CheckOn>()), (one.Count<NoticeSilence>(), other.Count<NoticeSilence>()));
        await one.Report("host-a", guests);
        foreach (var host in hosts[1..])
            await one.Report(host);
        await Ask(one, c => c);
        await one.Until(async db => await db.Migrations.CountAsync(saga => saga.CurrentState == "Queued") == Many);

        await one.Read(db => db.Migrations.ExecuteUpdateAsync(set => set.SetProperty(saga => saga.CheckAt, DateTimeOffset.UtcNow)));
        await Eventually.True(() => silences.Item1.Messages.Count + silences.Item2.Messages.Count >= hosts.Length && checks.Item1.Messages.Count + checks.Item2.Messages.Count >= Many);
        Assert.Equal(moves.Keys.Order(), checks.Item1.Messages.Concat(checks.Item2.Messages).Select(message => message.MigrationId).Order());
        Assert.Equal(hosts, silences.Item1.Messages.Concat(silences.Item2.Messages).Select(message => message.Host).Order());
        Assert.Equal(hosts.Length, await one.Read(db => db.Events.CountAsync(row => row.RoutingKey == "host.silent")));
    }

    [Fact]
    public async Task Two_copies_of_a_guest_are_alarmed_once_and_a_host_that_asks_is_told_its_floor()
    {
        var (database, broker) = (await postgres.CreateDatabase(), await rabbit.CreateVirtualHost());
        await using var one = await Coordination.Start(["host-a", "host-b"], [], database, broker);
        await using var other = await Coordination.Start([], [], database, broker);
        foreach (var agent in one.Agents.Values)
            agent.OnReport = _ => AgentDouble.Running();
        await one.Report("host-a", guests);
        await one.Report("host-b", guests);
        await one.Until(async db => await db.Copies.CountAsync(copies => copies.AlarmedAt != null) == Many);
        Assert.Equal(Many, await one.Read(db => db.Events.CountAsync(row => row.RoutingKey == "guest.two-copies")));

        await one.Read(db => db.Hosts.Where(row => row.Host == "host-a").ExecuteUpdateAsync(set => set.SetProperty(row => row.EpochFloor, 7)));
        var report = one.Agents["host-a"].NextReport() with { AsksFloor = true };
        await one.SendTo(Queues.HostReports, report);
        await Eventually.True(() => one.Agents["host-a"].Orders.OfType<HostFloor>().Any());
        var told = one.Agents["host-a"].Orders.OfType<HostFloor>().First();
        Assert.Equal((report.AgentId, report.Report, 7), (told.AgentId, told.Report, told.Floor));
    }

    private async Task Ask(Coordination coordination, Func<MigrateGuest, MigrateGuest> with)
    {
        foreach (var guest in guests)
        {
            var id = Guid.CreateVersion7();
            moves[id] = guest;
            await coordination.Command(with(new MigrateGuest { MigrationId = id, Guest = guest.Name, Destination = "host-b" }));
        }
    }
}
