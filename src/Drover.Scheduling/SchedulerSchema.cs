using Drover.Store;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quartz;

namespace Drover.Scheduling;

/// <summary>Quartz's own tables: on PostgreSQL in the schema <c>quartz</c> of Drover's database; on SQLite in a file of their own, made when it is first used.</summary>
public static class SchedulerSchema
{
    /// <summary>The step's name, as <c>drover schema</c> shows it.</summary>
    public const string Name = "quartz";

    private const string Turn = "hashtextextended('drover scheduler schema', 0)";

    /// <summary>Makes what is missing; nothing when nothing is. Two at once are safe: each waits for its turn.</summary>
    /// <returns>Whether anything was missing.</returns>
    public static async Task<bool> Apply(StoreOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Database == Database.Sqlite)
            return false;
        await using var connection = new NpgsqlConnection(StoreRegistration.PostgresConnection(options));
        await connection.OpenAsync(cancellationToken);
        await Run(connection, $"SELECT pg_advisory_lock({Turn})", cancellationToken);
        try
        {
            if (await IsThere(connection, cancellationToken))
                return false;
            await Run(connection, $"CREATE SCHEMA IF NOT EXISTS {Name}", cancellationToken);
            await using var services = new ServiceCollection().AddLogging().AddDroverQuartz(options, TimeProvider.System, store => store.ProvisionSchema()).BuildServiceProvider();
            var scheduler = await services.GetRequiredService<ISchedulerFactory>().GetScheduler(cancellationToken);
            await scheduler.Shutdown(cancellationToken: cancellationToken);
            return true;
        }
        finally
        {
            await Run(connection, $"SELECT pg_advisory_unlock({Turn})", CancellationToken.None);
        }
    }

    /// <summary>Whether nothing is missing.</summary>
    public static async Task<bool> IsApplied(StoreOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Database == Database.Sqlite)
            return true;
        await using var connection = new NpgsqlConnection(StoreRegistration.PostgresConnection(options));
        await connection.OpenAsync(cancellationToken);
        return await IsThere(connection, cancellationToken);
    }

    // Quartz makes all of its tables in one go; that each has its columns it checks itself when it starts.
    private static async Task<bool> IsThere(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT to_regclass('{Name}.qrtz_triggers') IS NOT NULL AND to_regclass('{Name}.qrtz_locks') IS NOT NULL", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
