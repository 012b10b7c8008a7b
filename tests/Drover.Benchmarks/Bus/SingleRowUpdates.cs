using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Drover.Benchmarks.Bus;

/// <summary>The least that a transaction can cost: pgbench updates one row of many by its key, prepared.</summary>
internal sealed partial class SingleRowUpdates
{
    public const int Clients = 8;
    private const int Rows = 100_000;
    private readonly Dictionary<string, string> _environment;

    private SingleRowUpdates(NpgsqlConnectionStringBuilder database) => _environment = new()
    {
        ["PGHOST"] = database.Host!, ["PGPORT"] = $"{database.Port}", ["PGUSER"] = database.Username!, ["PGDATABASE"] = database.Database!,
    };

    public static async Task<SingleRowUpdates> Prepare(string database, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"CREATE TABLE counter (id int PRIMARY KEY, n int NOT NULL); INSERT INTO counter SELECT id, 0 FROM generate_series(1, {Rows}) AS id; ANALYZE counter", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new SingleRowUpdates(new NpgsqlConnectionStringBuilder(database));
    }

    /// <summary>Transactions a second.</summary>
    public async Task<double> Run(TimeSpan time, CancellationToken cancellationToken)
    {
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, $"\\set id random(1, {Rows})\nUPDATE counter SET n = n + 1 WHERE id = :id;\n", cancellationToken);
            var pgbench = Directory.GetFiles("/usr/lib/postgresql", "pgbench", SearchOption.AllDirectories).Order().Last();
            var output = await Shell.Run(_environment, pgbench,
                ["--no-vacuum", "--protocol=prepared", $"--client={Clients}", "--jobs=2", $"--time={Math.Ceiling(time.TotalSeconds):0}", $"--file={script}"], cancellationToken);
            return double.Parse(TransactionsPerSecond().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        }
        finally
        {
            File.Delete(script);
        }
    }

    [GeneratedRegex(@"tps = ([0-9.]+)")]
    private static partial Regex TransactionsPerSecond();
}
