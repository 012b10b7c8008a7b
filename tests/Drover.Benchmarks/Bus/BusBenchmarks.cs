using Drover.Benchmarks.Reporting;
using Drover.Testing;

namespace Drover.Benchmarks.Bus;

/// <summary>What needs only a broker and a database: the coordinator's throughput, between two yardsticks that are taken in turn with it.</summary>
internal static class BusBenchmarks
{
    private const int Rounds = 4;
    private static readonly TimeSpan SagaTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan YardstickTime = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Section>> Run(CancellationToken cancellationToken)
    {
        await using var broker = new PrivateRabbitMq();
        await using var postgres = new PrivatePostgres { Durable = true };
        var host = await broker.CreateVirtualHost();
        var database = await postgres.CreateDatabase();

        await using var sagas = await SagaLoad.Start(host, database, cancellationToken);
        await using var hops = await RawHops.Start(await broker.CreateVirtualHost(), SagaLoad.AnswerBytes, cancellationToken);
        var updates = await SingleRowUpdates.Prepare(await postgres.CreateDatabase(), cancellationToken);

        Console.Error.WriteLine($"warming up: {SagaLoad.WarmUp} migrations");
        await sagas.WarmUpAll(cancellationToken);
        await hops.Run(YardstickTime / 2, cancellationToken);
        await updates.Run(YardstickTime / 2, cancellationToken);

        List<Round> rounds = [];
        while (rounds.Count < Rounds)
        {
            var round = new Round(await sagas.Run(SagaTime, cancellationToken), await hops.Run(YardstickTime, cancellationToken), await updates.Run(YardstickTime, cancellationToken));
            Console.Error.WriteLine(round);
            rounds.Add(round);
        }
        return [Throughput(rounds)];
    }

    private static Section Throughput(IReadOnlyList<Round> rounds)
    {
        return new Section
        {
            Title = "Saga messages with outbox",
            Method = $"""
                One `drover coordinator` process on RabbitMQ and PostgreSQL of its own (quorum queues; every commit waits for the disk).
                {SagaLoad.Guests} guests move among {SagaLoad.Hosts} hosts without a pause; agents answer at once, in the process that measures. A migration is {SagaLoad.MessagesEach} messages
                to its saga, each in one transaction with its inbox row, the saga's row, events and outbox. The coordinator's other messages (commands, admission) go the same way and come
                on top; the aim does not count them.
                After {SagaLoad.WarmUp} migrations to warm up, {rounds.Count} rounds of {SagaTime.TotalSeconds:0} s saga, {YardstickTime.TotalSeconds:0} s raw hops (RabbitMQ.Client: consume, confirmed publish, ack; quorum queue,
                {SagaLoad.AnswerBytes}-byte bodies, {RawHops.Circulating} in flight), {YardstickTime.TotalSeconds:0} s pgbench (single-row update, prepared, {SingleRowUpdates.Clients} clients). Medians of the rounds.
                """,
            Figures =
            [
                new("saga messages", $"{Of(r => r.Saga.PerSecond):0} a second ({Of(r => r.Saga.PerSecond / SagaLoad.MessagesEach):0} migrations a second)"),
                new("all messages with inbox and outbox", $"{Of(r => r.Saga.AllPerSecond):0} a second: {Of(r => r.Saga.AllPerSecond / r.Hops):0.00} x raw hops, {Of(r => r.Saga.AllPerSecond / r.Updates):0.00} x pgbench"),
                new("raw hops", $"{Of(r => r.Hops):0} a second"),
                new("pgbench", $"{Of(r => r.Updates):0} transactions a second"),
                Figure.AtLeast("saga messages to raw hops", Of(r => r.Saga.PerSecond / r.Hops), 0.10, "x", Range(r => r.Saga.PerSecond / r.Hops)),
                Figure.AtLeast("saga messages to pgbench", Of(r => r.Saga.PerSecond / r.Updates), 0.10, "x", Range(r => r.Saga.PerSecond / r.Updates)),
                new("CPU for each saga message", $"coordinator {Of(r => r.Saga.Coordinator):0.00} + PostgreSQL {Of(r => r.Saga.Postgres):0.00} + RabbitMQ {Of(r => r.Saga.Broker):0.00} ms"),
                new("... of the measuring process (agents, client)", $"{Of(r => r.Saga.Measuring):0.00} ms"),
            ],
        };

        double Of(Func<Round, double> what) => rounds.Select(what).ToArray().Median();

        string Range(Func<Round, double> what) => $" ({rounds.Min(what):0.00} to {rounds.Max(what):0.00})";
    }

    private sealed record Round(SagaSlice Saga, double Hops, double Updates);
}
