using Drover.Contracts.Commands;

namespace Drover.Bus;

/// <summary>What <see cref="CommandReader"/> made of a body.</summary>
public abstract record CommandRead<T>
    where T : class
{
    private CommandRead()
    {
    }

    /// <summary>A command whose every value is within its range. Whether hosts and guests exist is not known here.</summary>
    public sealed record Ok(T Command) : CommandRead<T>;

    /// <summary>No command, and why: what <c>command.rejected</c> says.</summary>
    /// <param name="Code">The kind of fault, for programs.</param>
    /// <param name="Message">One sentence: what is wrong, and what would be right.</param>
    /// <param name="MigrationId">The migration that it names, where that could be read.</param>
    public sealed record Rejected(RejectionCode Code, string Message, Guid? MigrationId) : CommandRead<T>;
}
