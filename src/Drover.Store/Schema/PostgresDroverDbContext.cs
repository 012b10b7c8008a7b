using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Schema;

/// <summary>The model on PostgreSQL; its schema history is <c>Schema/Postgres</c>.</summary>
public sealed class PostgresDroverDbContext(DbContextOptions<PostgresDroverDbContext> options) : DroverDbContext(options);
