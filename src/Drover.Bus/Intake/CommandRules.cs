using Drover.Contracts.Commands;
using Drover.Contracts.Hosts;
using Drover.Contracts.Migrations;

namespace Drover.Bus;

/// <summary>What the values of a command may be, as the records' doc comments say it.</summary>
internal static class CommandRules
{
    /// <summary>QEMU's own limit on <c>downtime-limit</c> (MAX_MIGRATE_DOWNTIME).</summary>
    private static readonly TimeSpan _longestDowntime = TimeSpan.FromSeconds(2000);

    private const long OneMiB = 1 << 20;

    public static CommandFault? Check(object command) => command switch
    {
        MigrateGuest migrate => Check(migrate),
        CancelMigration cancel => Check(cancel),
        ResolveMigration resolve => Check(resolve),
        ConfirmHostDown down => Check(down),
        _ => throw new ArgumentException($"no rules for {command.GetType().Name}", nameof(command)),
    };

    private static CommandFault? Check(MigrateGuest c) =>
        Id(c.MigrationId)
        ?? Names.FaultOfGuest("guest", c.Guest)
        ?? (c.Source is { } source ? Names.FaultOfHost("source", source) : null)
        ?? (c.Destination is { } destination ? Names.FaultOfHost("destination", destination) : new CommandFault(RejectionCode.MissingMember, "The member \"destination\" is missing; this version does not place guests by itself."))
        ?? (c.Source == c.Destination ? new CommandFault(RejectionCode.SameHost, "The source and the destination are the same host; name another destination.") : null)
        ?? Range("priority", c.Priority, 0, 9)
        ?? Deadline(c)
        ?? Check(c.Overrides)
        ?? Text("requestedBy", c.RequestedBy, 200)
        ?? Text("reason", c.Reason, 500)
        ?? Text("tenant", c.Tenant, 200);

    // Whether it is past, only the intake can say: a request that is sent again after its deadline is the same request.
    private static CommandFault? Deadline(MigrateGuest c) => c switch
    {
        { OnDeadline: not null, Deadline: null } => new(RejectionCode.MissingMember, "The member \"deadline\" is missing; \"onDeadline\" says what to do then, and means nothing without it."),
        { Deadline: { } deadline, NotBefore: { } notBefore } when notBefore >= deadline =>
            new(RejectionCode.InvalidValue, "The member \"notBefore\" must be before \"deadline\": the migration could not even begin in time."),
        _ => null,
    };

    private static CommandFault? Check(CancelMigration c) =>
        Id(c.MigrationId)
        ?? Text("requestedBy", c.RequestedBy, 200)
        ?? Text("reason", c.Reason, 500);

    private static CommandFault? Check(ResolveMigration c) =>
        Id(c.MigrationId)
        ?? Said("statement", c.Statement, 600)
        ?? Said("requestedBy", c.RequestedBy, 200)
        ?? Said("reason", c.Reason, 500);

    private static CommandFault? Check(ConfirmHostDown c) =>
        Names.FaultOfHost("host", c.Host)
        ?? Said("requestedBy", c.RequestedBy, 200)
        ?? Said("reason", c.Reason, 500);

    private static CommandFault? Check(TuningOverrides? o) =>
        o?.MaxDowntime < TimeSpan.FromMilliseconds(1) || o?.MaxDowntime > _longestDowntime
            ? new CommandFault(RejectionCode.InvalidValue, "The member \"overrides.maxDowntime\" must be from 1 ms (\"PT0.001S\") to 2000 s (\"PT2000S\").")
            : Range("overrides.bandwidthBytesPerSecond", o?.BandwidthBytesPerSecond, OneMiB, long.MaxValue);

    private static CommandFault? Id(Guid id) =>
        id == Guid.Empty ? new CommandFault(RejectionCode.InvalidValue, "The member \"migrationId\" must not be all zeros; make a new UUID for each migration.") : null;

    private static CommandFault? Range(string member, long? value, long least, long most) =>
        value < least || value > most
            ? new CommandFault(RejectionCode.InvalidValue, most == long.MaxValue ? $"The member \"{member}\" must be at least {least}." : $"The member \"{member}\" must be from {least} to {most}.")
            : null;

    /// <summary>A text that must be there: what an operator answers for with their name.</summary>
    private static CommandFault? Said(string member, string value, int most) =>
        string.IsNullOrWhiteSpace(value) ? new CommandFault(RejectionCode.InvalidValue, $"The member \"{member}\" must not be blank.") : Text(member, value, most);

    /// <summary>PostgreSQL keeps no U+0000 in a text.</summary>
    private static CommandFault? Text(string member, string? value, int most) => value switch
    {
        null => null,
        _ when value.EnumerateRunes().Count() > most => new(RejectionCode.InvalidValue, $"The member \"{member}\" must have at most {most} characters."),
        _ when value.Contains('\0', StringComparison.Ordinal) => new(RejectionCode.InvalidValue, $"The member \"{member}\" must not contain the character U+0000."),
        _ => null,
    };
}
