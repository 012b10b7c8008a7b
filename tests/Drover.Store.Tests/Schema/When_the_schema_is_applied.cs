using Drover.Store.Schema;
using Drover.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Drover.Store.Tests.Schema;

public abstract class SchemaContract
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    protected abstract Task<StoreOptions> EmptyDatabase();

    [Fact]
    public async Task Two_at_once_are_safe_and_again_is_harmless()
    {
        await using var programs = Programs(await EmptyDatabase());
        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Apply(programs), Cancelled)));
        Assert.Contains(applied, steps => steps.Count > 0);
        Assert.Empty(await Apply(programs));
        await Require(programs);
    }

    [Fact]
    public async Task A_database_without_it_is_refused_with_what_to_do()
    {
        await using var programs = Programs(await EmptyDatabase());
        var refusal = await Assert.ThrowsAsync<SchemaOutdatedException>(() => Require(programs));
        Assert.Contains("drover schema apply", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_has_nothing_that_the_schema_lacks()
    {
        await using var programs = Programs(await EmptyDatabase());
        await using var scope = programs.CreateAsyncScope();
        Assert.False(scope.ServiceProvider.GetRequiredService<DroverDbContext>().Database.HasPendingModelChanges(), "run \"dotnet ef migrations add\" for both databases (README, where does a new thing go)");
    }

    protected static ServiceProvider Programs(StoreOptions options) => new ServiceCollection().AddDroverStore(options).BuildServiceProvider();

    protected static async Task<IReadOnlyList<string>> Apply(ServiceProvider programs)
    {
        await using var scope = programs.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DroverDbContext>().ApplySchema(Cancelled);
    }

    private static async Task Require(ServiceProvider programs)
    {
        await using var scope = programs.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DroverDbContext>().RequireSchema(Cancelled);
    }
}

public sealed class When_the_schema_is_applied_to_PostgreSQL(PrivatePostgres postgres) : SchemaContract
{
    protected override async Task<StoreOptions> EmptyDatabase() => new() { ConnectionString = await postgres.CreateDatabase() };
}

public sealed class When_the_schema_is_applied_to_SQLite : SchemaContract, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("drover-schema-test-").FullName;

    protected override Task<StoreOptions> EmptyDatabase() =>
        Task.FromResult(new StoreOptions { Database = Database.Sqlite, ConnectionString = $"Data Source={folder}/{Guid.NewGuid():N}.db" });

    [Fact]
    public async Task A_lock_that_a_killed_program_left_behind_stops_nobody()
    {
        var options = await EmptyDatabase();
        await using (var killed = new SqliteConnection(options.ConnectionString))
        {
            await killed.OpenAsync(TestContext.Current.CancellationToken);
            await using var left = killed.CreateCommand();
            left.CommandText = """CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER PRIMARY KEY, "Timestamp" TEXT NOT NULL); INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01')""";
            await left.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var programs = Programs(options);
        Assert.NotEmpty(await Apply(programs));
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }
}
