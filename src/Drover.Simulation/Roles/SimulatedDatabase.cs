using Drover.Store;
using Drover.Store.Schema;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Drover.Simulation.Roles;

/// <summary>The coordinators' database: real SQLite in memory, with the real schema. It outlives every crash of theirs.</summary>
internal sealed class SimulatedDatabase : IDisposable
{
    private static readonly Lazy<SqliteConnection> _template = new(WithSchema);
    private static int _opened;
    private readonly SqliteConnection _connection;
    private readonly PooledDbContextFactory<SqliteDroverDbContext> _contexts;
    private readonly Dictionary<string, SqliteCommand> _questions = [];
    private SqliteConnection? _backup;

    /// <summary>A new database with the schema and nothing in it.</summary>
    public SimulatedDatabase()
    {
        _connection = Open();
        _contexts = new PooledDbContextFactory<SqliteDroverDbContext>(Options(_connection));
        lock (_template)
            _template.Value.BackupDatabase(_connection);
    }

    /// <summary>A coordinator's own context on it.</summary>
    public DroverDbContext Context() => _contexts.CreateDbContext();

    /// <summary>An id as SQL has it.</summary>
    public static string Text(Guid id) => $"'{id.ToString().ToUpperInvariant()}'";

    /// <summary>One number, asked of the tables themselves and not through Drover's own code.</summary>
    public long Count(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>Whether the coordinator's looks could find anything: a migration whose time is over, a host that has not reported for half a minute.</summary>
    public bool SomethingIsDue(DateTimeOffset now)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT EXISTS (SELECT 1 FROM migration WHERE check_at <= $now) OR EXISTS (SELECT 1 FROM guest_copies WHERE check_at <= $now) OR EXISTS (SELECT 1 FROM host_report WHERE NOT silent AND last_report_at < $now - 300000000)";
        command.Parameters.AddWithValue("$now", now.UtcTicks);
        return (long)command.ExecuteScalar()! == 1;
    }

    /// <summary>Rows as arrays, in the same way.</summary>
    public IReadOnlyList<object[]> Rows(string sql)
    {
        using var command = _connection.CreateCommand();
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

    /// <summary>The first row of a question that is asked again and again; null when there is none. SQLite understands it once.</summary>
    public string? Ask(string sql)
    {
        if (!_questions.TryGetValue(sql, out var command))
        {
            _questions[sql] = command = _connection.CreateCommand();
            command.CommandText = sql;
        }

        return command.ExecuteScalar() as string;
    }

    /// <summary>Keeps a backup as it is now.</summary>
    public void Backup()
    {
        _backup ??= Open();
        _connection.BackupDatabase(_backup);
    }

    /// <summary>Becomes what the backup is; what was committed since then is forgotten.</summary>
    public void Restore() => _backup!.BackupDatabase(_connection);

    public void Dispose()
    {
        foreach (var question in _questions.Values)
            question.Dispose();
        _backup?.Dispose();
        _connection.Dispose();
    }

    private static DbContextOptions<SqliteDroverDbContext> Options(SqliteConnection connection) =>
        new DbContextOptionsBuilder<SqliteDroverDbContext>().UseSqlite(connection, sqlite => sqlite.MigrationsHistoryTable("schema_history")).Options;

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
        using var db = new SqliteDroverDbContext(Options(connection));
        db.Database.Migrate();
        return connection;
    }
}
