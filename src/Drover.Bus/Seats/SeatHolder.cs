using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Drover.Bus;

/// <summary>Who has a seat: its holder answers on the very queue that is the seat, for anyone may send to it.</summary>
internal static class SeatHolder
{
    /// <summary>RabbitMQ's way to get an answer without a queue of one's own ("direct reply-to").</summary>
    private const string ReplyTo = "amq.rabbitmq.reply-to";
    private static readonly TimeSpan AnswersWithin = TimeSpan.FromSeconds(2);
    private static readonly string Here = $"process {Environment.ProcessId} on {Environment.MachineName} (since {DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm:ss}Z)";

    /// <summary>Answers who asks, until the queue or the channel is gone: then the seat is lost.</summary>
    public static async Task Answer(IChannel channel, string seat, CancellationTokenSource lost)
    {
        var questions = new AsyncEventingBasicConsumer(channel);
        questions.ReceivedAsync += async (_, question) =>
        {
            if (question.BasicProperties.ReplyTo is { Length: > 0 } asker)
                await channel.BasicPublishAsync("", asker, mandatory: false, new BasicProperties(), Encoding.UTF8.GetBytes(Here), lost.Token);
        };
        questions.UnregisteredAsync += (_, _) => lost.CancelAsync();
        channel.ChannelShutdownAsync += (_, _) => lost.CancelAsync();
        await channel.BasicConsumeAsync(seat, autoAck: true, questions, lost.Token);
    }

    /// <summary>The holder in its own words, or that it does not answer.</summary>
    public static async Task<string> Ask(IConnection connection, string seat, TimeProvider time, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var answers = new AsyncEventingBasicConsumer(channel);
        answers.ReceivedAsync += (_, words) =>
        {
            answer.TrySetResult(Encoding.UTF8.GetString(words.Body.Span));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(ReplyTo, autoAck: true, answers, cancellationToken);
        await channel.BasicPublishAsync("", seat, mandatory: false, new BasicProperties { ReplyTo = ReplyTo }, ReadOnlyMemory<byte>.Empty, cancellationToken);
        try
        {
            return await answer.Task.WaitAsync(AnswersWithin, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return "a process that does not answer";
        }
    }
}
