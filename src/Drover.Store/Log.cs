using Microsoft.Extensions.Logging;

namespace Drover.Store;

/// <summary>Every message that the store logs; event ids 4000 to 4999.</summary>
internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Warning, "Outbox row {SequenceNumber} to {Destination} is undeliverable and was parked: {Reason}")]
    public static partial void Parked(ILogger logger, long sequenceNumber, string destination, string reason);

    [LoggerMessage(4002, LogLevel.Error, "Outbox row {SequenceNumber} could not be parked; it is tried again later")]
    public static partial void ParkingFailed(ILogger logger, Exception exception, long sequenceNumber);

    [LoggerMessage(4003, LogLevel.Warning, "{Count} outbox rows could not be delivered; the sweeper tries again: {Reason}")]
    public static partial void DeliveryFailed(ILogger logger, int count, string reason);

    [LoggerMessage(4004, LogLevel.Error, "The outbox could not be swept; next try in {Delay}")]
    public static partial void SweepFailed(ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(4005, LogLevel.Warning, "{Count} delivered outbox rows could not be deleted; they will be sent once more and dropped by the inbox")]
    public static partial void ReapingFailed(ILogger logger, Exception exception, int count);

    [LoggerMessage(4006, LogLevel.Error, "Old inbox rows could not be deleted; next try in {Delay}")]
    public static partial void CleanupFailed(ILogger logger, Exception exception, TimeSpan delay);

    [LoggerMessage(4007, LogLevel.Information, "The sweeper delivered {Count} outbox rows that their consumers had left behind")]
    public static partial void LeftBehindDelivered(ILogger logger, int count);

    [LoggerMessage(4008, LogLevel.Debug, "Message {MessageId} was consumed before by {ConsumerType}")]
    public static partial void Duplicate(ILogger logger, Guid messageId, string consumerType);

    [LoggerMessage(4009, LogLevel.Error, "Message {MessageId} failed for good and was set aside (drover queues show outbox): {Reason}")]
    public static partial void FailedForGood(ILogger logger, Guid messageId, string reason);
}
