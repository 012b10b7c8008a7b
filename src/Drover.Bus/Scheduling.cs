using MassTransit;
using MassTransit.Scheduling;

namespace Drover.Bus;

/// <summary>
/// Messages that are to come later. A schedule is MassTransit's own <see cref="ScheduleMessage"/>, sent like any other message: it leaves with the commit of
/// whoever asks for it, and a transaction that is rolled back has scheduled nothing. Dear (docs/scheduling.md): for what happens once to a migration or less often.
/// </summary>
public static class Scheduling
{
    /// <summary>Has a message sent to one of <see cref="Queues"/> at a time; at once when that is past. The same token again replaces the schedule.</summary>
    /// <param name="provider">Where it is asked for.</param>
    /// <param name="queue">Who is to get the message.</param>
    /// <param name="at">When.</param>
    /// <param name="message">What.</param>
    /// <param name="token">The schedule's name: the message comes with it in the header <c>MT-Scheduling-TokenId</c>.</param>
    /// <param name="cancellationToken">Ends the sending.</param>
    public static Task ScheduleSend<T>(this ISendEndpointProvider provider, string queue, DateTimeOffset at, T message, Guid token, CancellationToken cancellationToken)
        where T : class => provider.SendTo<ScheduleMessage>(
            Queues.Schedules, new ScheduleMessageCommand<T>(at.UtcDateTime, new Uri($"exchange:{queue}"), message, token), cancellationToken);

    /// <summary>Takes a schedule back. A message that is on its way already still comes: whoever gets it must know by the token that it is not meant any more.</summary>
    public static Task CancelScheduledSend(this ISendEndpointProvider provider, Guid token, CancellationToken cancellationToken) =>
        provider.SendTo<CancelScheduledMessage>(Queues.Schedules, new CancelScheduledMessageCommand { CorrelationId = token, TokenId = token }, cancellationToken);
}
