using Microsoft.Data.Sqlite;

namespace Drover.Store.Tests.Contract;

/// <summary>SQLite and the in-memory transport.</summary>
public sealed class EmbeddedFixture : StoreFixture
{
    public override Task<TestHost.Place> NewPlace()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("drover-test-").FullName, "store.db");
        return Task.FromResult(new TestHost.Place(new SqliteConnectionStringBuilder { DataSource = file }.ConnectionString, Broker: null));
    }
}
