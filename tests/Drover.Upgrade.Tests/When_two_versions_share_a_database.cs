using System.Data.Common;
using Drover.Testing;
using Microsoft.Data.Sqlite;
using Npgsql;

[assembly: AssemblyFixture(typeof(PrivatePostgres))]
[assembly: AssemblyFixture(typeof(PrivateRabbitMq))]

namespace Drover.Upgrade.Tests;

/// <summary>The schema is brought up while the previous version still writes: it may only grow, by what that version need not know.</summary>
public class When_two_versions_share_a_database(PreviousVersion previous, PrivatePostgres postgres)
{
    [Fact]
    public async Task The_schema_on_PostgreSQL_only_grows()
    {
        var database = await postgres.CreateDatabase();
        await OnlyGrows(sqlite: false, database, () => new NpgsqlConnection(database));
    }

    [Fact]
    public async Task The_schema_on_SQLite_only_grows()
    {
        var folder = Directory.CreateTempSubdirectory("drover-upgrade-test-");
        var database = $"Data Source={folder.FullName}/drover.db;Pooling=False";
        try
        {
            await OnlyGrows(sqlite: true, database, () => new SqliteConnection(database));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task OnlyGrows(bool sqlite, string database, Func<DbConnection> connect)
    {
        (string, string)[] settings = [("Store__Database", sqlite ? "Sqlite" : "Postgres"), ("Store__ConnectionString", database)];
        await DroverProcess.Run(previous.Program, "schema apply", settings);
        await using var before = connect();
        var old = await Columns.Of(before, sqlite);
        await DroverProcess.Run(DroverProcess.Today, "schema apply", settings);
        await using var after = connect();
        var grown = await Columns.Of(after, sqlite);

        Assert.NotEmpty(old);
        Assert.All(old, column =>
        {
            Assert.True(grown.TryGetValue(column.Key, out var now), $"{column.Key} is gone, and the previous version reads it");
            Assert.True(now.Type == column.Value.Type, $"{column.Key} was {column.Value.Type} and is {now.Type}");
            Assert.True(now.MayBeLeftOut || !column.Value.MayBeLeftOut, $"{column.Key} could be left out before");
        });
        var tables = old.Keys.Select(Table).ToHashSet();
        Assert.All(grown.Where(column => !old.ContainsKey(column.Key) && tables.Contains(Table(column.Key))), column =>
            Assert.True(column.Value.MayBeLeftOut, $"{column.Key} is new and must be given, and the previous version does not give it: let it be null, or give it a default"));
    }

    private static string Table(string column) => column[..column.LastIndexOf('.')];
}
