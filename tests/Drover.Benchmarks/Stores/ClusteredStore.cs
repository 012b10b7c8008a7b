using System.Diagnostics;
using Drover.Benchmarks.Bus;
using Npgsql;

namespace Drover.Benchmarks.Stores;

/// <summary><c>drover coordinator</c> on PostgreSQL and RabbitMQ; agents and client are a process of their own.</summary>
internal sealed class ClusteredStore : Store
{
    private readonly Process _coordinator;
    private readonly string _database;

    private ClusteredStore(LoadProcess load, Disk disk, Process coordinator, string database)
        : base(load, disk) => (_coordinator, _database) = (coordinator, database);

    public static async Task<ClusteredStore> Start(Disk disk, string database, Uri broker, CancellationToken cancellationToken)
    {
        var coordinator = await CoordinatorProcess.Start(broker, database, logLevel: "Warning", cancellationToken);
        try
        {
            return new ClusteredStore(await LoadProcess.Start(["clustered", database, broker.ToString()], cancellationToken), disk, coordinator, database);
        }
        catch
        {
            await End(coordinator);
            throw;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await End(_coordinator);
        await Load.DisposeAsync();
    }

    protected override CpuTimes Cpu() => CpuTimes.Now(_coordinator.Id, Load.Id);

    /// <summary>By PostgreSQL's own count, which lags by a second and takes a read for a transaction too.</summary>
    protected override async Task<long> Transactions(LoadReport report, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task End(Process coordinator)
    {
        coordinator.Kill();
        await coordinator.WaitForExitAsync();
        coordinator.Dispose();
    }
}
