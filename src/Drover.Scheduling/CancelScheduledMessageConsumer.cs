using MassTransit;
using MassTransit.Scheduling;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Drover.Scheduling;

/// <summary>
/// Takes a schedule back. One that is not there has fired, or comes after its own cancel; then it fires at its time, and whoever gets it knows by the token
/// that it is not meant any more.
/// </summary>
internal sealed class CancelScheduledMessageConsumer(ISchedulerFactory schedulers, ILogger<CancelScheduledMessageConsumer> log) : IConsumer<CancelScheduledMessage>
{
    public async Task Consume(ConsumeContext<CancelScheduledMessage> context)
    {
        var scheduler = await schedulers.GetScheduler(context.CancellationToken);
        if (await scheduler.UnscheduleJob(ScheduleMessageConsumer.Key(context.Message.TokenId), context.CancellationToken))
            Log.Disarmed(log, context.Message.TokenId);
    }
}
