namespace Drover.Benchmarks.Bus;

/// <summary>Saga messages a second, all messages with an inbox row a second, and the CPU milliseconds that each saga message cost.</summary>
internal sealed record SagaSlice(double PerSecond, double AllPerSecond, double Coordinator, double Postgres, double Broker, double Measuring);
