using System.ComponentModel.DataAnnotations;

namespace Drover.Store;

/// <summary>Where Drover's memory is. Configuration section <c>Store</c>.</summary>
public sealed class StoreOptions
{
    /// <summary>Which database. Default PostgreSQL; SQLite is for one process on one machine.</summary>
    public Database Database { get; set; } = Database.Postgres;

    /// <summary>The ADO.NET connection string ("Host=db;Username=drover;Database=drover", "Data Source=/var/lib/drover/drover.db"). Never logged.</summary>
    [Required(ErrorMessage = "Store:ConnectionString is missing: say where the database is, for example \"Host=db;Username=drover;Database=drover\".")]
    public string ConnectionString { get; set; } = null!;

    /// <summary>File whose first line is the database password, so that it need not stand in the connection string. Default none.</summary>
    public string? PasswordFile { get; set; }
}

/// <summary>The databases that Drover runs on.</summary>
public enum Database
{
    /// <summary>PostgreSQL 13 or newer: for more than one process.</summary>
    Postgres = 1,

    /// <summary>SQLite: for one process.</summary>
    Sqlite = 2,
}
