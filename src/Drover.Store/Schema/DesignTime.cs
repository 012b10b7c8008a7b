using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Drover.Store.Schema;

// For "dotnet ef" alone, which compares the model with the schema history and never connects.

internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresDroverDbContext>
{
    public PostgresDroverDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresDroverDbContext>().UseDroverPostgres("Host=localhost").Options);
}

internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteDroverDbContext>
{
    public SqliteDroverDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteDroverDbContext>().UseDroverSqlite("Data Source=:memory:").Options);
}
