namespace Drover.Benchmarks.Bus;

/// <summary>Saga messages a second, and the CPU milliseconds that each of them cost.</summary>
internal sealed record SagaSlice(double PerSecond, double Coordinator, double Postgres, double Broker, double Measuring);
