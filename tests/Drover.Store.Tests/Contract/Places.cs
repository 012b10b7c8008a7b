using Drover.Testing;
using Microsoft.Data.Sqlite;

namespace Drover.Store.Tests.Contract;

/// <summary>Fresh places for programs to run in.</summary>
public static class Places
{
    /// <summary>A database file for the in-memory transport; its folder is removed with the test process.</summary>
    public static Task<TestHost.Place> Embedded()
    {
        var folder = Directory.CreateTempSubdirectory("drover-test-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        var file = Path.Combine(folder.FullName, "store.db");
        return Task.FromResult(new TestHost.Place(new SqliteConnectionStringBuilder { DataSource = file }.ConnectionString, Broker: null));
    }

    /// <summary>A database and a virtual host.</summary>
    public static async Task<TestHost.Place> Clustered(PrivatePostgres postgres, PrivateRabbitMq rabbitMq) =>
        new(await postgres.CreateDatabase(), await rabbitMq.CreateVirtualHost());
}
