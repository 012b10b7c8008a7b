using Drover.Benchmarks.Bus;

namespace Drover.Benchmarks.Stores;

/// <summary>Everything in one process: SQLite and the in-memory transport.</summary>
internal sealed class EmbeddedStore : Store
{
    private readonly string _folder;

    private EmbeddedStore(LoadProcess load, Disk disk, string folder)
        : base(load, disk) => _folder = folder;

    public static async Task<EmbeddedStore> Start(Disk disk, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("drover-benchmarks-").FullName;
        return new EmbeddedStore(await LoadProcess.Start(["embedded", folder], cancellationToken), disk, folder);
    }

    public override async ValueTask DisposeAsync()
    {
        await Load.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    protected override CpuTimes Cpu() => CpuTimes.NowOf(Load.Id);

    protected override Task<long> Transactions(LoadReport report, CancellationToken cancellationToken) => Task.FromResult(report.Commits);
}
