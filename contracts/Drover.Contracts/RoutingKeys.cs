using Drover.Contracts.Commands;
using Drover.Contracts.Guests;
using Drover.Contracts.Hosts;
using Drover.Contracts.Migrations;

namespace Drover.Contracts;

/// <summary>The public messages and their routing keys. The key and the JSON schema are a message's identity; the .NET type's name is not.</summary>
public static class RoutingKeys
{
    /// <summary>Direct exchange that takes commands.</summary>
    public const string CommandsExchange = "drover.commands";

    /// <summary>Topic exchange that gives events.</summary>
    public const string EventsExchange = "drover.events";

    /// <summary>Commands by type.</summary>
    public static IReadOnlyDictionary<Type, string> Commands { get; } = new Dictionary<Type, string>
    {
        [typeof(MigrateGuest)] = "migrate-guest",
        [typeof(CancelMigration)] = "cancel-migration",
        [typeof(ResolveMigration)] = "resolve-migration",
        [typeof(ConfirmHostDown)] = "confirm-host-down",
    };

    /// <summary>Events by type.</summary>
    public static IReadOnlyDictionary<Type, string> Events { get; } = new Dictionary<Type, string>
    {
        [typeof(MigrationRequested)] = "migration.requested",
        [typeof(MigrationQueued)] = "migration.queued",
        [typeof(MigrationAdmitted)] = "migration.admitted",
        [typeof(MigrationStarted)] = "migration.started",
        [typeof(MigrationProgressed)] = "migration.progressed",
        [typeof(MigrationStruggling)] = "migration.struggling",
        [typeof(MigrationEscalated)] = "migration.escalated",
        [typeof(MigrationUnsure)] = "migration.unsure",
        [typeof(MigrationCompleted)] = "migration.completed",
        [typeof(MigrationCancelled)] = "migration.cancelled",
        [typeof(MigrationFailed)] = "migration.failed",
        [typeof(HostAppeared)] = "host.appeared",
        [typeof(HostSilent)] = "host.silent",
        [typeof(HostBack)] = "host.back",
        [typeof(HostConfirmedDown)] = "host.confirmed-down",
        [typeof(HostConfirmationWithdrawn)] = "host.confirmation-withdrawn",
        [typeof(HostUnreachable)] = "host.unreachable",
        [typeof(GuestMoved)] = "guest.moved",
        [typeof(GuestTwoCopies)] = "guest.two-copies",
        [typeof(GuestTwoCopiesOver)] = "guest.two-copies-over",
        [typeof(CommandRejected)] = "command.rejected",
    };
}
