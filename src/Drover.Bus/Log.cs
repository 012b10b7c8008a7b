using Microsoft.Extensions.Logging;

namespace Drover.Bus;

/// <summary>What the bus reports; numbers from 5000.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Critical, "{Queue} cannot be used: it, or its exchange, exists with other arguments, and those are for ever. Delete it when it is empty, or put the old setting back. The broker says: {Reason}")]
    public static partial void QueueHasOtherArguments(ILogger logger, string queue, string reason);

    [LoggerMessage(5001, LogLevel.Information, "The seat of {Host} is this agent's")]
    public static partial void SeatTaken(ILogger logger, string host);

    [LoggerMessage(5002, LogLevel.Warning, "This agent does not have the seat of {Host}, and takes no orders: {Reason}")]
    public static partial void NoSeat(ILogger logger, string host, string reason);
}
