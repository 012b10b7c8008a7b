namespace Drover.Contracts.Views;

/// <summary>A migration that libvirt runs and nobody asked Drover for. It is shown and never touched.</summary>
public sealed record ForeignMigrationView
{
    /// <summary>The guest's name.</summary>
    public required string Guest { get; init; }

    /// <summary>The guest's UUID.</summary>
    public required Guid GuestUuid { get; init; }

    /// <summary>The host it leaves.</summary>
    public required string Source { get; init; }

    /// <summary>The host it comes to; null when that one does not report, or has not yet.</summary>
    public string? Destination { get; init; }
}

/// <summary>The foreign migrations.</summary>
public sealed record ForeignMigrationList
{
    /// <summary>The migrations, by guest.</summary>
    public required IReadOnlyList<ForeignMigrationView> Migrations { get; init; }
}
