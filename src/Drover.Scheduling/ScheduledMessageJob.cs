using Drover.Store;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Drover.Scheduling;

/// <summary>
/// Sends a message whose time has come: into the outbox, so that the trigger is gone only when the message cannot be lost any more. A coordinator that dies
/// between the two fires it once more, and the receiver's inbox takes it once.
/// </summary>
internal sealed class ScheduledMessageJob(IServiceScopeFactory scopes, TimeProvider time, ILogger<ScheduledMessageJob> log) : IJob
{
    /// <summary>A trigger whose job has failed would be gone: it is tried until it succeeds or the program stops, and a stopped one is recovered.</summary>
    private static readonly TimeSpan _tryAgainAfter = TimeSpan.FromSeconds(2);

    /// <summary>The one job that all triggers belong to.</summary>
    public static JobKey Key { get; } = new("scheduled-message");

    /// <summary>A letter as a trigger keeps it: strings only.</summary>
    public static JobDataMap Data(ScheduledLetter letter) => new()
    {
        [nameof(letter.MessageId)] = letter.MessageId.ToString(),
        [nameof(letter.Token)] = letter.Token.ToString(),
        [nameof(letter.Destination)] = letter.Destination.ToString(),
        [nameof(letter.MessageTypes)] = string.Join(';', letter.MessageTypes),
        [nameof(letter.Body)] = letter.Body,
        [nameof(letter.ContentType)] = letter.ContentType,
    };

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var letter = Read(context.MergedJobDataMap);
        while (true)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await letter.Send(scope.ServiceProvider.GetRequiredService<ISendEndpointProvider>(), cancellationToken);
                await scope.ServiceProvider.GetRequiredService<DroverDbContext>().SaveChangesAsync(cancellationToken);
                Log.Fired(log, letter.Token, letter.Destination);
                return;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                Log.FiringFailed(log, letter.Token, _tryAgainAfter, error.Message);
            }

            await Task.Delay(_tryAgainAfter, time, cancellationToken);
        }
    }

    private static ScheduledLetter Read(JobDataMap data) => new()
    {
        MessageId = Guid.Parse(data.GetString(nameof(ScheduledLetter.MessageId))!),
        Token = Guid.Parse(data.GetString(nameof(ScheduledLetter.Token))!),
        Destination = new Uri(data.GetString(nameof(ScheduledLetter.Destination))!),
        MessageTypes = data.GetString(nameof(ScheduledLetter.MessageTypes))!.Split(';'),
        Body = data.GetString(nameof(ScheduledLetter.Body))!,
        ContentType = data.GetString(nameof(ScheduledLetter.ContentType))!,
    };
}
