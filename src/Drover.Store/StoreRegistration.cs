using Drover.Store.Schema;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Drover.Store;

/// <summary>Puts the store into a program.</summary>
public static class StoreRegistration
{
    /// <summary>How long one database command may take: a decision that waits longer is retried whole.</summary>
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(15);

    /// <summary>How long a transaction may lie idle between two commands of one message: they follow each other in milliseconds.</summary>
    private static readonly TimeSpan StoppedFor = TimeSpan.FromSeconds(20);

    /// <summary>Adds <see cref="DroverDbContext"/>, pooled, on the database that the options name.</summary>
    public static IServiceCollection AddDroverStore(this IServiceCollection services, StoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Database switch
        {
            Database.Postgres => services.AddDbContextPool<DroverDbContext, PostgresDroverDbContext>(db => db.UseDroverPostgres(PostgresConnection(options))),
            Database.Sqlite => services.AddDbContextPool<DroverDbContext, SqliteDroverDbContext>(db => db.UseDroverSqlite(options.ConnectionString)),
        };
    }

    internal static TBuilder UseDroverPostgres<TBuilder>(this TBuilder builder, string connectionString) where TBuilder : DbContextOptionsBuilder
    {
        builder.UseNpgsql(connectionString, npgsql => npgsql
            .CommandTimeout((int)CommandTimeout.TotalSeconds)
            .MigrationsHistoryTable("schema_history"));
        return builder;
    }

    internal static TBuilder UseDroverSqlite<TBuilder>(this TBuilder builder, string connectionString) where TBuilder : DbContextOptionsBuilder
    {
        builder.UseSqlite(connectionString, sqlite => sqlite
            .CommandTimeout((int)CommandTimeout.TotalSeconds)
            .MigrationsHistoryTable("schema_history"));
        return builder;
    }

    /// <summary>PostgreSQL's connection string as Drover uses it, with the password where it is in a file.</summary>
    public static string PostgresConnection(StoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // Auto-prepare takes a third of PostgreSQL's CPU off a lifecycle. A pooled connection is not reset between uses, which would be a second round trip for each
        // message: nothing here leaves anything behind in a session (no SET, no session locks, no temporary tables). The time-out keeps a lost server from holding a
        // thread for minutes.
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2, Timeout = 10, NoResetOnClose = true };
        if (options.PasswordFile is { } file)
            connection.Password = File.ReadLines(file).FirstOrDefault();
        connection.ApplicationName ??= "drover";

        // A process that is stopped in the middle of a message holds its rows' locks: the server ends its transaction, the message is handled elsewhere, and what
        // the process sends when it goes on cannot be committed.
        connection.Options = $"{connection.Options} -c idle_in_transaction_session_timeout={(int)StoppedFor.TotalMilliseconds}".TrimStart();
        return connection.ConnectionString;
    }
}
