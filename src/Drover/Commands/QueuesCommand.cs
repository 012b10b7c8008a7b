using System.CommandLine;
using Drover.Client;
using Drover.Contracts.Views;

namespace Drover.Commands;

/// <summary><c>drover queues</c>, with <c>show</c>, <c>retry</c> and <c>drop</c>.</summary>
internal static class QueuesCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = Session.Command("queues", "Lists Drover's queues, and what failed in them.", terminal, async (_, session, cancellationToken) =>
        {
            await session.Print(await session.Api.Get<QueueList>("v1/queues", cancellationToken), list => Write(list.Queues, session.Terminal.Out));
            return Exit.Done;
        });
        command.Add(Show(terminal));
        command.Add(Act(terminal, "retry", "Has failed messages tried again, as they were.", "retried"));
        command.Add(Act(terminal, "drop", "Throws failed messages away.", "dropped"));
        return command;
    }

    private static Command Show(Terminal terminal)
    {
        var queue = Queue();
        var limit = new Option<int>("--limit") { Description = "How many messages at most, oldest first.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var command = Session.Command("show", "Shows a queue's failed messages: what they say, and why they failed.", terminal, async (parsed, session, cancellationToken) =>
        {
            await session.Print(
                await session.Api.Get<QueueDetail>($"v1/queues/{Uri.EscapeDataString(parsed.GetRequiredValue(queue))}?limit={parsed.GetValue(limit)}", cancellationToken),
                detail => Write(detail, session.Terminal));
            return Exit.Done;
        });
        command.Add(queue);
        command.Add(limit);
        return command;
    }

    private static Command Act(Terminal terminal, string verb, string description, string done)
    {
        var queue = Queue();
        var ids = new Argument<string[]>("ID") { Description = "The messages' ids, as \"drover queues show\" lists them.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All of them, up to a thousand at once." };
        var reason = new Option<string?>("--reason") { Description = "Why, for the log.", HelpName = "TEXT" };
        var command = Session.Command(verb, description, terminal, async (parsed, session, cancellationToken) =>
        {
            var named = parsed.GetValue(ids) ?? [];
            if (parsed.GetValue(all) == named.Length > 0)
                throw new ExitException(Exit.Usage, $"Name the messages to {verb}, or say --all.");
            var body = new FailedMessagesAction
            {
                Ids = named.Length > 0 ? named : null,
                All = parsed.GetValue(all),
                RequestedBy = Environment.UserName,
                Reason = parsed.GetValue(reason),
            };
            var name = parsed.GetRequiredValue(queue);
            var acted = await session.Api.Post<FailedMessagesActed>($"v1/queues/{Uri.EscapeDataString(name)}/{verb}", body, cancellationToken);
            await session.Print(acted, answer => session.Terminal.Out.WriteLineAsync($"{done} {answer.Messages}, {answer.Left} failed left in {name}"));
            return Exit.Done;
        });
        command.Add(queue);
        command.Add(ids);
        command.Add(all);
        command.Add(reason);
        return command;
    }

    private static Argument<string> Queue() => new("QUEUE") { Description = "The queue, as \"drover queues\" lists it." };

    private static Task Write(IEnumerable<QueueView> queues, TextWriter output) =>
        Columns.Write(output, ["QUEUE", "MESSAGES", "CONSUMERS", "FAILED", "OLDEST", "OLDEST FAILURE"], queues.Select(IReadOnlyList<string> (queue) =>
        [
            queue.Queue, queue.Messages.ToString(), queue.Consumers?.ToString() ?? "-", queue.Failed.ToString(), When(queue.OldestAt), When(queue.OldestFailureAt),
        ]));

    private static async Task Write(QueueDetail detail, Terminal terminal)
    {
        await Write([detail.Queue], terminal.Out);
        foreach (var message in detail.Failed)
        {
            await terminal.Out.WriteLineAsync($"\n{message.Id}  {When(message.FailedAt)}  {message.Type ?? "?"}{(message.Queue == detail.Queue.Queue ? "" : $" to {message.Queue}")}");
            await terminal.Out.WriteLineAsync($"  {message.Exception}{(message.Exception is null ? "" : ": ")}{message.Reason}");
            await terminal.Out.WriteLineAsync($"  {message.Body.ReplaceLineEndings(" ")}");
        }
        if (detail.Failed.Count < detail.Queue.Failed)
            await terminal.Error.WriteLineAsync($"There are {detail.Queue.Failed - detail.Failed.Count} more: --limit shows up to 1000");
    }

    private static string When(DateTimeOffset? at) => at is { } instant ? Units.Instant(instant) : "-";
}
