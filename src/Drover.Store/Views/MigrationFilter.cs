namespace Drover.Store.Views;

/// <summary>Which migrations a page shows. Members left null do not narrow it.</summary>
public sealed record MigrationFilter
{
    /// <summary>The <see cref="State"/> of migrations that have not ended.</summary>
    public const string Unfinished = "unfinished";

    /// <summary>The <see cref="State"/> of migrations that have ended, however they did.</summary>
    public const string Ended = "ended";

    /// <summary>One of <see cref="MigrationStates.All"/>, <see cref="Unfinished"/> or <see cref="Ended"/>.</summary>
    public string? State { get; init; }

    /// <summary>The source or the destination.</summary>
    public string? Host { get; init; }

    /// <summary>The guest's name or UUID.</summary>
    public string? Guest { get; init; }

    /// <summary>Migrations on the page.</summary>
    public required int Limit { get; init; }

    /// <summary>The last migration of the page before; null for the first page.</summary>
    public MigrationCursor? After { get; init; }
}
