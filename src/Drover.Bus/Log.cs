using Microsoft.Extensions.Logging;

namespace Drover.Bus;

/// <summary>What the bus reports; numbers from 5000.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Critical, "{Queue} cannot be used: it, or its exchange, exists with other arguments, and those are for ever. Delete it when it is empty, or put the old setting back. The broker says: {Reason}")]
    public static partial void QueueHasOtherArguments(ILogger logger, string queue, string reason);
}
