using Microsoft.Extensions.Logging;

namespace Drover.Api;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "{Command} accepted")]
    public static partial void Accepted(ILogger logger, string command);

    [LoggerMessage(3002, LogLevel.Information, "{Command} refused: {Code}: {Reason}")]
    public static partial void Refused(ILogger logger, string command, string code, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "The API is open to other machines on {Address} and has no authentication: whoever reaches it may move and cancel any guest")]
    public static partial void OpenToEveryone(ILogger logger, string address);

    [LoggerMessage(3004, LogLevel.Warning, "{Method} {Path} answered 503: the database is away")]
    public static partial void DatabaseAway(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(3005, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void Failed(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(3006, LogLevel.Warning, "Not ready: {Reason}")]
    public static partial void NotReady(ILogger logger, string reason);

    [LoggerMessage(3007, LogLevel.Warning, "{Method} {Path} answered 503: {Reason}")]
    public static partial void BrokerAway(ILogger logger, string method, string path, string reason);

    [LoggerMessage(3008, LogLevel.Warning, "Failed messages {Done}: {Count} of {Queue} ({Which}), asked for by {RequestedBy}: {Reason}")]
    public static partial void FailedMessagesActed(ILogger logger, string done, int count, string queue, string which, string requestedBy, string reason);
}
