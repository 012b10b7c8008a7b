using System.CommandLine;
using Drover.Client;
using Drover.Contracts.Migrations;
using Drover.Contracts.Views;

namespace Drover.Commands;

/// <summary><c>drover resolve ID --outcome OUTCOME --statement "GUEST runs on HOST"</c>.</summary>
internal static class ResolveCommand
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(300);

    /// <summary>A host that does not answer is waited for 10 s; then the word is weighed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    public static Command Create(Terminal terminal)
    {
        var id = Ids.Migration();
        var outcome = new Option<ResolvedOutcome>("--outcome") { Description = "How it ends: completed, cancelled or failed.", HelpName = "OUTCOME", Required = true };
        var statement = new Option<string>("--statement")
        {
            Description = "Where the guest runs, as a sentence that shows that you know: \"web runs on host-b\", or \"web runs nowhere\".",
            HelpName = "SENTENCE",
            Required = true,
        };
        var reason = new Option<string>("--reason") { Description = "How you know, for the record.", HelpName = "TEXT", Required = true };
        var command = Session.Command("resolve", "Ends a migration that is unsure, on your word; refused when a host that answers contradicts it.", terminal, async (parsed, session, cancellationToken) =>
        {
            var migrationId = parsed.GetValue(id);
            var before = await session.Api.Get<MigrationDetail>($"v1/migrations/{migrationId}", cancellationToken);
            await session.Api.Post<CommandAccepted>($"v1/migrations/{migrationId}/resolve", new ResolveMigration
            {
                MigrationId = migrationId,
                Outcome = parsed.GetValue(outcome),
                Statement = parsed.GetRequiredValue(statement),
                Reason = parsed.GetRequiredValue(reason),
                RequestedBy = Environment.UserName,
            }, cancellationToken);
            var after = await Answered(session.Api, migrationId, before.Value.Journal.Count, cancellationToken);
            if (after.Value.Journal.Skip(before.Value.Journal.Count).LastOrDefault(IsRefusal) is { } refused)
                throw new ExitException(Exit.Refused, $"Refused: {refused.Reason}.");
            await session.Print(after, detail => session.Terminal.Out.WriteLineAsync(Ending.Sentence(detail.Migration)));
            return Exit.Done;
        });
        command.Add(id);
        foreach (var option in new Option[] { outcome, statement, reason })
            command.Add(option);
        return command;
    }

    private static bool IsRefusal(DecisionView entry) => entry is { Kind: "resolve", Decision: "refuse" };

    private static async Task<Answer<MigrationDetail>> Answered(DroverClient api, Guid migrationId, int known, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var timer = new PeriodicTimer(Every);
        try
        {
            while (true)
            {
                var detail = await api.Get<MigrationDetail>($"v1/migrations/{migrationId}", patience.Token);
                if (detail.Value.Migration.EndedAt is not null || detail.Value.Journal.Skip(known).Any(IsRefusal))
                    return detail;
                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ExitException(Exit.Failed, $"Accepted, and nothing came of it in {Patience.TotalSeconds:0} s: \"drover show {migrationId}\" tells later.");
        }
    }
}
