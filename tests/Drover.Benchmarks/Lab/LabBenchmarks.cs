using Drover.Benchmarks.Reporting;

namespace Drover.Benchmarks.Lab;

/// <summary>What needs hosts and guests.</summary>
internal static class LabBenchmarks
{
    public static async Task<IReadOnlyList<Section>> Run(int pairs, CancellationToken cancellationToken)
    {
        await using var lab = await BenchmarkLab.Up(cancellationToken);
        await using var client = await Client.Connect(lab.Broker, "#", cancellationToken);
        return [.. await MoveBenchmark.Run(lab, client, pairs, cancellationToken), await CancelBenchmark.Run(lab, client, cancellationToken)];
    }
}
