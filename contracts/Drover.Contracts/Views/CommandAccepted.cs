namespace Drover.Contracts.Views;

/// <summary>The answer 202: the command is committed and will be carried out or rejected by an event; nothing is lost from here on.</summary>
public sealed record CommandAccepted
{
    /// <summary>The migration that it is about.</summary>
    public required Guid MigrationId { get; init; }
}

/// <summary>The answer 202 to a command about a host.</summary>
public sealed record HostCommandAccepted
{
    /// <summary>The host that it is about.</summary>
    public required string Host { get; init; }
}
