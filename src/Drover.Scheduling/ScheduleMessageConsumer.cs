using System.Security.Cryptography;
using MassTransit;
using MassTransit.Context;
using MassTransit.Scheduling;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Drover.Scheduling;

/// <summary>Makes a trigger of a schedule. The same token again replaces it, so that a message that comes twice is armed once.</summary>
internal sealed class ScheduleMessageConsumer(ISchedulerFactory schedulers, ILogger<ScheduleMessageConsumer> log) : IConsumer<ScheduleMessage>
{
    public async Task Consume(ConsumeContext<ScheduleMessage> context)
    {
        var schedule = context.Message;
        var scheduler = await schedulers.GetScheduler(context.CancellationToken);
        var trigger = TriggerBuilder.Create()
            .WithIdentity(Key(schedule.CorrelationId))
            .ForJob(ScheduledMessageJob.Key)
            .StartAt(new DateTimeOffset(schedule.ScheduledTime, TimeSpan.Zero))
            .WithSimpleSchedule(simple => simple.WithMisfireInstruction(SimpleTriggerMisfireInstruction.FireNow))
            .UsingJobData(ScheduledMessageJob.Data(Letter(context)))
            .Build();
        await scheduler.ScheduleTrigger(trigger, TriggerConflict.Replace, context.CancellationToken);
        Log.Armed(log, schedule.CorrelationId, schedule.ScheduledTime, schedule.Destination);
    }

    /// <summary>A schedule's trigger.</summary>
    public static TriggerKey Key(Guid token) => new(token.ToString("N"));

    /// <summary>The message as it will leave, envelope and all.</summary>
    private static ScheduledLetter Letter(ConsumeContext<ScheduleMessage> context)
    {
        var schedule = context.Message;
        var sending = new MessageSendContext<ScheduleMessage>(schedule)
        {
            MessageId = Identity(schedule),
            ConversationId = context.ConversationId,
            DestinationAddress = schedule.Destination,
        };
        sending.Headers.Set(MessageHeaders.SchedulingTokenId, schedule.CorrelationId.ToString());
        var serializer = context.SerializerContext.GetMessageSerializer(schedule.Payload, schedule.PayloadType);
        return new ScheduledLetter
        {
            MessageId = sending.MessageId.Value,
            Token = schedule.CorrelationId,
            Destination = schedule.Destination,
            MessageTypes = schedule.PayloadType,
            Body = serializer.GetMessageBody(sending).GetString(),
            ContentType = serializer.ContentType.ToString(),
        };
    }

    /// <summary>The same however often the trigger fires (a coordinator may die while it sends), so that the receiver's inbox takes it once.</summary>
    private static Guid Identity(ScheduleMessage schedule)
    {
        Span<byte> of = stackalloc byte[24];
        schedule.CorrelationId.TryWriteBytes(of);
        BitConverter.TryWriteBytes(of[16..], schedule.ScheduledTime.Ticks);
        return new Guid(SHA256.HashData(of).AsSpan(0, 16));
    }
}
