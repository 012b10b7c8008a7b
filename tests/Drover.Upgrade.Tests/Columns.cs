using System.Data.Common;

namespace Drover.Upgrade.Tests;

/// <summary>A database's tables as it describes them itself.</summary>
internal static class Columns
{
    private const string Postgres =
        """
        SELECT table_schema || '.' || table_name || '.' || column_name, data_type, is_nullable = 'YES' OR column_default IS NOT NULL OR is_identity = 'YES'
        FROM information_schema.columns WHERE table_schema NOT IN ('pg_catalog', 'information_schema', 'quartz')
        """;

    private const string Sqlite =
        """
        SELECT m.name || '.' || c.name, c.type, c."notnull" = 0 OR c.dflt_value IS NOT NULL OR c.pk > 0
        FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND substr(m.name, 1, 4) <> '__EF'
        """;

    /// <summary>Each column: its type, and whether an INSERT may leave it out.</summary>
    public static async Task<Dictionary<string, (string Type, bool MayBeLeftOut)>> Of(DbConnection connection, bool sqlite)
    {
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = sqlite ? Sqlite : Postgres;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var columns = new Dictionary<string, (string, bool)>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            columns.Add(reader.GetString(0), (reader.GetString(1), reader.GetBoolean(2)));
        return columns;
    }
}
