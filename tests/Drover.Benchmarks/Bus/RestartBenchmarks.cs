using System.Diagnostics;
using Drover.Benchmarks.Reporting;
using Drover.Bus;
using Drover.Testing;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Drover.Benchmarks.Bus;

/// <summary>What a killed coordinator costs: a thousand migrations are under way, some of them end while it is dead, and their ends must be said.</summary>
internal static class RestartBenchmarks
{
    private const int Hosts = 80;
    private const int InFlight = 1000;
    private const int FallDue = 50;
    private const int Limit = 64;    // guests drift together as they move: no migration should have to queue
    private const string States =
        "SELECT string_agg(current_state || ' ' || n, ', ') FROM (SELECT current_state, count(*) n FROM migration WHERE ended_at IS NULL GROUP BY 1 ORDER BY 1) each";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static async Task<IReadOnlyList<Section>> Run(int kills, CancellationToken cancellationToken)
    {
        await using var broker = new PrivateRabbitMq();
        await using var postgres = new PrivatePostgres { Durable = true };
        var (host, database) = (await broker.CreateVirtualHost(), await postgres.CreateDatabase());
        var coordinator = await CoordinatorProcess.Start(host, database, logLevel: "Error", cancellationToken, Limit);
        try
        {
            var script = new ScriptedAgents(Hosts, InFlight, hold: true);
            using var agents = SagaLoad.Agents(host, script);
            await agents.StartAsync(cancellationToken);
            var bus = agents.Services.GetRequiredService<IBus>();
            foreach (var report in script.Reports())
                await bus.SendTo(Queues.HostReports, report, cancellationToken);
            await SagaLoad.UntilTheGuestsAreKnown(database, cancellationToken, InFlight, Hosts);
            await using var client = await Client.Connect(host, "migration.completed", cancellationToken);
            var filling = Stopwatch.GetTimestamp();
            await Begin(script.Names);
            Console.Error.WriteLine($"{InFlight} migrations are under way after {Stopwatch.GetElapsedTime(filling).TotalSeconds:0} s");

            List<double> ready = [], first = [], each = [];
            var random = new Random(20_26);
            while (ready.Count < kills)
            {
                var due = random.GetItems(script.Moving.ToArray(), 2 * FallDue).Distinct().Take(FallDue).ToArray();
                var killed = Stopwatch.GetTimestamp();
                coordinator.Kill();
                var again = CoordinatorProcess.StartAgain(host, database, logLevel: "Error", cancellationToken, Limit);
                await Task.WhenAll(due.Select(order => bus.SendTo(Queues.Migrations, script.End(order), cancellationToken)));
                coordinator.Dispose();
                coordinator = await again;
                ready.Add(Stopwatch.GetElapsedTime(killed).TotalMilliseconds);
                var ends = await Task.WhenAll(due.Select(order => client.Event(order.MigrationId, "migration.completed", cancellationToken)));
                double[] times = [.. ends.Select(end => end.MillisecondsSince(killed))];
                first.Add(times.Min());
                each.AddRange(times);
                Console.Error.WriteLine($"kill {ready.Count}: ready after {ready[^1]:0} ms, first decision {first[^1]:0} ms, last of {due.Length} {times.Max():0} ms");
                await Begin(due.Select(order => order.Guest));
            }
            await agents.StopAsync(cancellationToken);
            return [Restarts(ready, first, each)];

            // All under way, as their hosts see it.
            async Task Begin(IEnumerable<string> guests)
            {
                foreach (var guest in guests)
                    await client.Command("migrate-guest", new { migrationId = Guid.CreateVersion7(), guest, destination = script.Next(guest) }, cancellationToken);
                // A state's name and how many are in it: what is not under way shows when it fails.
                await Testing.Eventually.Is($"PreCopying {InFlight}", () => SagaLoad.Text(database, States, cancellationToken), patience: Patience);
            }
        }
        finally
        {
            if (!coordinator.HasExited)
                coordinator.Kill();
            await coordinator.WaitForExitAsync(CancellationToken.None);
            coordinator.Dispose();
        }
    }

    private static Section Restarts(List<double> ready, List<double> first, List<double> each) => new()
    {
        Title = "A coordinator is killed",
        Method = $"""
            {InFlight} migrations run between {Hosts} hosts, whose agents answer in the process that measures; RabbitMQ and PostgreSQL are private and durable. `kill -9` of the one
            `drover coordinator`, and the same command again at once, {ready.Count} times. Meanwhile {FallDue} of the transfers end. A decision is correct when its `migration.completed` has come
            over the bus: from the kill on the program must start, find the ends in its queue, ask both hosts of each, weigh what they say, commit and publish.
            """,
        Figures =
        [
            Figure.AtMost("kill to the first correct decision, p50", first.Median() / 1000, 5, "s"),
            Figure.AtMost("... p99", first.Percentile(99) / 1000, 5, "s", $" (most {first.Max() / 1000:0.##} s of {first.Count})"),
            Figure.AtMost("kill to each decision that fell due meanwhile, p50", each.Median() / 1000, 5, "s"),
            Figure.AtMost("... p99", each.Percentile(99) / 1000, 5, "s", $" (most {each.Max() / 1000:0.##} s of {each.Count})"),
            new("kill to the program's own \"started\", p50", $"{ready.Median() / 1000:0.##} s"),
        ],
    };
}
