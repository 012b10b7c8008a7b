using System.Collections.Concurrent;
using Drover.Contracts.Agents;
using Drover.Testing;
using Microsoft.EntityFrameworkCore;

[assembly: AssemblyFixture(typeof(PrivatePostgres))]
[assembly: AssemblyFixture(typeof(PrivateRabbitMq))]

namespace Drover.Coordinator.Tests;

public class When_many_move_at_once_on_PostgreSQL_and_RabbitMQ(PrivatePostgres postgres, PrivateRabbitMq broker)
{
    private const int OutLimit = 3;
    private const int InLimit = 2;
    private static readonly string[] Hosts = ["host-a", "host-b", "host-c", "host-d"];

    [Fact]
    public async Task No_lane_ever_runs_more_than_its_limit_and_every_migration_ends_once()
    {
        await using var coordination = await Coordination.Start(
            Hosts, [("OutLimit", $"{OutLimit}"), ("InLimit", $"{InLimit}")], await postgres.CreateDatabase(), await broker.CreateVirtualHost());
        var running = new ConcurrentDictionary<string, int>();
        var over = new ConcurrentQueue<string>();
        var moves = new List<(Guid Id, Guest Guest, string Source, string Destination)>();
        foreach (var (source, n) in Hosts.Select((host, n) => (host, n)))
        {
            var guests = Enumerable.Range(1, 15).Select(g => Guest.Named($"{source}-guest-{g}")).ToArray();
            await coordination.Report(source, guests);
            moves.AddRange(guests.Select((guest, g) => (Guid.CreateVersion7(), guest, source, Hosts[(n + 1 + (g % 3)) % Hosts.Length])));

            // What libvirt would see: a transfer runs from its order to its end.
            coordination.Agents[source].OnBegin = order =>
            {
                Count(order.Source, 1, "out", OutLimit);
                Count(order.Destination, 1, "in", InLimit);
                return [AgentDouble.Began(order), AgentDouble.Ended(order)];
            };
        }

        foreach (var agent in coordination.Agents.Values)
        {
            agent.OnReport = order =>
            {
                var move = moves.Single(m => m.Id == order.MigrationId);
                if (agent.Host == move.Source)
                    return AgentDouble.Absent;

                // From here on the coordinator may free the slots.
                if (counted.TryAdd(order.MigrationId, true))
                {
                    Count(move.Source, -1, "out", OutLimit);
                    Count(move.Destination, -1, "in", InLimit);
                }

                return AgentDouble.Running(order.MigrationId);
            };
        }

        await Task.WhenAll(moves.Select(move => coordination.Migrate(move.Id, move.Guest, move.Destination)));
        await coordination.Until(async db => await db.Migrations.CountAsync(saga => saga.CurrentState == "Completed") == moves.Count);

        Assert.Empty(over);
        foreach (var move in moves)
            Assert.Equal("migration.completed", (await coordination.Story(move.Id))[^1]);
        Assert.Equal(moves.Count, Hosts.Sum(host => coordination.Agents[host].Orders.OfType<BeginTransfer>().DistinctBy(order => order.MigrationId).Count()));
        Assert.Equal(0, await coordination.Read(db => db.Slots.CountAsync()));
        Assert.Equal(0, await coordination.Read(db => db.Waiting.CountAsync()));

        void Count(string host, int by, string direction, int limit)
        {
            var now = running.AddOrUpdate($"{direction}:{host}", by, (_, before) => before + by);
            if (now > limit)
                over.Enqueue($"{direction}:{host} ran {now} of {limit}");
        }
    }

    private readonly ConcurrentDictionary<Guid, bool> counted = [];

    [Fact]
    public async Task An_order_to_a_host_that_has_no_queue_ends_the_migration_with_that_reason()
    {
        await using var coordination = await Coordination.Start(["host-a"], [], await postgres.CreateDatabase(), await broker.CreateVirtualHost());
        var web = Guest.Named("web");
        await coordination.Report("host-a", web);

        // A host that once reported, and whose agent never made its queue.
        await coordination.SendTo(Bus.Queues.HostReports, new AgentDouble("host-z").NextReport());
        await coordination.Until(async db => await db.Lanes.CountAsync() == 4);
        var id = Guid.CreateVersion7();
        await coordination.Migrate(id, web, "host-z");
        var saga = await coordination.UntilState(id, "Failed");
        Assert.Contains("host-z did not take its order", saga.StateReason, StringComparison.Ordinal);
        Assert.Equal(0, await coordination.Read(db => db.Slots.CountAsync()));
    }
}
