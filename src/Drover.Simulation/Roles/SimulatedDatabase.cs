using Drover.Store;
using Drover.Store.Schema;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Drover.Simulation.Roles;

/// <summary>The coordinators' database: real SQLite in memory, with the real schema. It outlives every crash of theirs.</summary>
internal sealed class SimulatedDatabase : IDisposable
{
    private static readonly Lazy<SqliteConnection> _template = new(WithSchema);
    private static int _opened;

    /// <summary>A new database with the schema and nothing in it.</summary>
    public SimulatedDatabase()
    {
        Connection = Open();
        lock (_template)
            _template.Value.BackupDatabase(Connection);
    }

    public SqliteConnection Connection { get; }

    /// <summary>One number, asked of the tables themselves and not through Drover's own code.</summary>
    public long Count(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Rows as arrays, in the same way.</summary>
    public IReadOnlyList<object[]> Rows(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<object[]>();
        while (reader.Read())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(row);
        }

        return rows;
    }

    public void Dispose() => Connection.Dispose();

    // Each has a name of its own: the write gate is per data source.
    private static SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source=simulation-{Interlocked.Increment(ref _opened)};Mode=Memory;Pooling=False");
        connection.Open();
        return connection;
    }

    private static SqliteConnection WithSchema()
    {
        var connection = Open();
        using var db = new SqliteDroverDbContext(new DbContextOptionsBuilder<SqliteDroverDbContext>().UseSqlite(connection, sqlite => sqlite.MigrationsHistoryTable("schema_history")).Options);
        db.Database.Migrate();
        return connection;
    }
}
