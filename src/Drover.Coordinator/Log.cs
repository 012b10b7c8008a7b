using Drover.Contracts.Commands;
using Microsoft.Extensions.Logging;

namespace Drover.Coordinator;

/// <summary>Everything that the coordinator logs, by stable number (1000s).</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Command {Command} rejected ({Code}): {Reason}")]
    public static partial void CommandRejected(ILogger logger, string command, RejectionCode code, string reason);

    [LoggerMessage(1002, LogLevel.Critical, "TWO COPIES RUN: migration {MigrationId}, guest {Guest}, on {Source} and on {Destination}. Drover destroys neither: stop the wrong one by hand")]
    public static partial void TwoCopiesRun(ILogger logger, Guid migrationId, string guest, string source, string destination);

    [LoggerMessage(1003, LogLevel.Information, "{Announcement}: {Guest} from {Source} to {Destination}: {Reason} (migration {MigrationId})")]
    public static partial void Announced(ILogger logger, Guid migrationId, string announcement, string guest, string source, string destination, string? reason);

    [LoggerMessage(1004, LogLevel.Information, "Migration {MigrationId} admitted: {Reason}")]
    public static partial void Admitted(ILogger logger, Guid migrationId, string reason);

    [LoggerMessage(1005, LogLevel.Warning, "Host {Host} has been silent since {LastReportAt:O}: nothing more is admitted to or from it")]
    public static partial void HostSilent(ILogger logger, string host, DateTimeOffset lastReportAt);

    [LoggerMessage(1006, LogLevel.Information, "Host {Host}: {What}")]
    public static partial void HostSeen(ILogger logger, string host, string what);

    [LoggerMessage(1007, LogLevel.Warning, "Order {Order} for migration {MigrationId} came back from {Host}: {Reason}")]
    public static partial void OrderReturned(ILogger logger, string order, Guid migrationId, string host, string reason);

    [LoggerMessage(1008, LogLevel.Warning, "{Loop} could not look, and tries again in {Pause}: {Reason}")]
    public static partial void LoopFailed(ILogger logger, string loop, TimeSpan pause, string reason);

    [LoggerMessage(1009, LogLevel.Information, "Checking on {Count} migrations")]
    public static partial void CheckingOn(ILogger logger, int count);

    [LoggerMessage(1020, LogLevel.Warning, "STRUGGLES: migration {MigrationId}, guest {Guest} from {Source} to {Destination}: {Reason}")]
    public static partial void Struggles(ILogger logger, Guid migrationId, string guest, string source, string destination, string reason);

    [LoggerMessage(1021, LogLevel.Information, "Retention has taken {Count} migrations that had ended before {Before:O}; their ids stay known")]
    public static partial void Taken(ILogger logger, int count, DateTimeOffset before);

    [LoggerMessage(1010, LogLevel.Warning, "A progress event was passed over: {Reason}")]
    public static partial void ProgressUnreadable(ILogger logger, string reason);

    [LoggerMessage(1020, LogLevel.Warning, "Host {Host} is confirmed down by {RequestedBy}: {Reason}. Its migrations are decided without it; its epoch floor is {Floor}")]
    public static partial void HostConfirmedDown(ILogger logger, string host, string requestedBy, string reason, long floor);

    [LoggerMessage(1021, LogLevel.Critical, "TWO COPIES RUN: guest {Guest} ({GuestUuid}) on {Hosts}, asked twice. Drover destroys none of them: stop the wrong one by hand")]
    public static partial void GuestRunsTwice(ILogger logger, string guest, Guid guestUuid, string hosts);

    [LoggerMessage(1022, LogLevel.Warning, "Guest {Guest} ({GuestUuid}) runs more than once no longer: {Reason}")]
    public static partial void GuestRunsOnce(ILogger logger, string guest, Guid guestUuid, string reason);
}
