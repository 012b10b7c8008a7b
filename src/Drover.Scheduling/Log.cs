using Microsoft.Extensions.Logging;

namespace Drover.Scheduling;

/// <summary>Every message that the scheduler logs; event ids 7000 to 7999.</summary>
internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Debug, "Schedule {Token} is armed for {At:O}, to {Destination}")]
    public static partial void Armed(ILogger logger, Guid token, DateTime at, Uri destination);

    [LoggerMessage(7002, LogLevel.Debug, "Schedule {Token} is taken back")]
    public static partial void Disarmed(ILogger logger, Guid token);

    [LoggerMessage(7003, LogLevel.Debug, "Schedule {Token} has come: its message goes to {Destination}")]
    public static partial void Fired(ILogger logger, Guid token, Uri destination);

    [LoggerMessage(7004, LogLevel.Warning, "Schedule {Token} has come and its message could not be kept; next try in {Delay}: {Reason}")]
    public static partial void FiringFailed(ILogger logger, Guid token, TimeSpan delay, string reason);
}
