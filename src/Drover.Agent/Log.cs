using Microsoft.Extensions.Logging;

namespace Drover.Agent;

/// <summary>Everything that the agent logs; 2000 to 2999.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "Migration {MigrationId}: {Guest} begins to move to {Destination}, downtime limit {LimitMs} ms")]
    public static partial void Begins(this ILogger logger, Guid migrationId, string guest, string destination, double limitMs);

    [LoggerMessage(2002, LogLevel.Warning, "Migration {MigrationId}: {Guest} does not begin to move: {Reason}")]
    public static partial void NotBegun(this ILogger logger, Guid migrationId, string guest, string reason);

    [LoggerMessage(2003, LogLevel.Information, "Migration {MigrationId}: the transfer of {Guest} has ended: {How}")]
    public static partial void Ended(this ILogger logger, Guid migrationId, string guest, string how);

    [LoggerMessage(2004, LogLevel.Information, "Migration {MigrationId}: {Guest} was found moving to {Destination}; watching it on")]
    public static partial void Reattached(this ILogger logger, Guid migrationId, string guest, string destination);

    [LoggerMessage(2005, LogLevel.Information, "Migration {MigrationId}: the agent stops and watches {Guest} no more; the migration goes on")]
    public static partial void StoppedWatching(this ILogger logger, Guid migrationId, string guest);

    [LoggerMessage(2006, LogLevel.Error, "Migration {MigrationId}: the watch of {Guest} broke")]
    public static partial void WatchBroke(this ILogger logger, Exception error, Guid migrationId, string guest);

    [LoggerMessage(2010, LogLevel.Debug, "Migration {MigrationId}: pass {Pass} took {Ms} ms, sent {SentBytes} bytes, left {LeftBytes}")]
    public static partial void PassEnded(this ILogger logger, Guid migrationId, long pass, double ms, long sentBytes, long leftBytes);

    [LoggerMessage(2011, LogLevel.Information, "Migration {MigrationId}: pass {Pass}, downtime limit raised from {FromMs} to {ToMs} ms")]
    public static partial void DowntimeRaised(this ILogger logger, Guid migrationId, long pass, double fromMs, double toMs);

    [LoggerMessage(2012, LogLevel.Warning, "Migration {MigrationId}: the downtime limit could not be raised: {Reason}")]
    public static partial void DowntimeNotRaised(this ILogger logger, Guid migrationId, string reason);

    [LoggerMessage(2013, LogLevel.Information, "Guest {Guest}: downtime limit put back to {Ms} ms")]
    public static partial void DowntimePutBack(this ILogger logger, Guid guest, double ms);

    [LoggerMessage(2014, LogLevel.Warning, "Guest {Guest}: the downtime limit could not be put back yet: {Reason}")]
    public static partial void NotSettled(this ILogger logger, Guid guest, string reason);

    [LoggerMessage(2015, LogLevel.Warning, "Migration {MigrationId}: no reading: {Reason}")]
    public static partial void NoReading(this ILogger logger, Guid migrationId, string reason);

    [LoggerMessage(2020, LogLevel.Information, "Migration {MigrationId}: the hypervisor was told to abort the transfer of {Guest}")]
    public static partial void Aborted(this ILogger logger, Guid migrationId, string guest);

    [LoggerMessage(2021, LogLevel.Warning, "Migration {MigrationId}: the hypervisor does not take the abort: {Reason}")]
    public static partial void NotAborted(this ILogger logger, Guid migrationId, string reason);

    [LoggerMessage(2022, LogLevel.Warning, "Migration {MigrationId}: {Guest} is in post-copy, from which there is no way back; the abort is refused")]
    public static partial void AbortRefused(this ILogger logger, Guid migrationId, string guest);

    [LoggerMessage(2023, LogLevel.Warning, "Migration {MigrationId}: the abort waits for libvirt: {Reason}")]
    public static partial void AbortWaits(this ILogger logger, Guid migrationId, string reason);

    [LoggerMessage(2024, LogLevel.Information, "Migration {MigrationId}: an abort of epoch {Epoch} is older than {Highest} and not carried out")]
    public static partial void AbortIsStale(this ILogger logger, Guid migrationId, long epoch, long highest);

    [LoggerMessage(2025, LogLevel.Warning, "Migration {MigrationId}: the abort's epoch could not be written to the guest: {Reason}")]
    public static partial void NotBarred(this ILogger logger, Guid migrationId, string reason);

    [LoggerMessage(2026, LogLevel.Information, "Migration {MigrationId}: the pause of {Guest} is not limited any more, so that it switches over at once")]
    public static partial void Forced(this ILogger logger, Guid migrationId, string guest);

    [LoggerMessage(2027, LogLevel.Information, "Migration {MigrationId}: not forced: {Reason}")]
    public static partial void NotForced(this ILogger logger, Guid migrationId, string reason);

    [LoggerMessage(2028, LogLevel.Information, "Migration {MigrationId}: {Guest} has moved away, and libvirt kept its definition: removed")]
    public static partial void Forgotten(this ILogger logger, Guid migrationId, string guest);

    [LoggerMessage(2029, LogLevel.Warning, "Migration {MigrationId}: {Guest} has moved away, and its definition stays here: {Reason}. Undefine it by hand if it is a leftover")]
    public static partial void NotForgotten(this ILogger logger, Guid migrationId, string guest, string reason);

    [LoggerMessage(2030, LogLevel.Warning, "libvirt is away: {Reason}")]
    public static partial void HypervisorAway(this ILogger logger, string reason);

    [LoggerMessage(2031, LogLevel.Information, "libvirt answers again")]
    public static partial void HypervisorAnswers(this ILogger logger);

    [LoggerMessage(2032, LogLevel.Warning, "The connection to libvirt is lost: {Reason}")]
    public static partial void HypervisorLost(this ILogger logger, string reason);

    [LoggerMessage(2033, LogLevel.Information, "Connected to libvirt")]
    public static partial void HypervisorConnected(this ILogger logger);

    [LoggerMessage(2034, LogLevel.Warning, "libvirt's events stopped; asking for them again: {Reason}")]
    public static partial void NoEvents(this ILogger logger, string reason);

    [LoggerMessage(2035, LogLevel.Debug, "Guest {Guest}: {What}")]
    public static partial void GuestChanged(this ILogger logger, Guid guest, string what);

    [LoggerMessage(2036, LogLevel.Critical, "This agent is set up for host {Expected}, and its libvirt says that it is {Actual}: no order is carried out")]
    public static partial void WrongHost(this ILogger logger, string expected, string actual);

    [LoggerMessage(2037, LogLevel.Warning, "Unfinished business could not be looked for: {Reason}")]
    public static partial void NoLook(this ILogger logger, string reason);

    [LoggerMessage(2038, LogLevel.Warning, "Nobody reads the queue of {Host}, though this agent has its seat: the queue is taken anew")]
    public static partial void QueueNotRead(this ILogger logger, string host);

    [LoggerMessage(2040, LogLevel.Warning, "{Message} could not be sent: {Reason}")]
    public static partial void NotSent(this ILogger logger, string message, string reason);
}
