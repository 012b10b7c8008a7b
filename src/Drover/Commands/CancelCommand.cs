using System.CommandLine;
using Drover.Client;
using Drover.Contracts.Migrations;
using Drover.Contracts.Views;

namespace Drover.Commands;

/// <summary><c>drover cancel ID</c>.</summary>
internal static class CancelCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = Ids.Migration();
        var reason = new Option<string?>("--reason") { Description = "Why, for the record.", HelpName = "TEXT" };
        var wait = new Option<bool>("--wait") { Description = "Waits until the migration has ended." };
        var command = Session.Command("cancel", "Cancels a migration; the guest stays where it is.", terminal, async (parsed, session, cancellationToken) =>
        {
            var migrationId = parsed.GetValue(id);
            var body = new CancelMigration { MigrationId = migrationId, RequestedBy = Environment.UserName, Reason = parsed.GetValue(reason) };
            var accepted = await session.Api.Post<CommandAccepted>($"v1/migrations/{migrationId}/cancel", body, cancellationToken);
            if (!parsed.GetValue(wait))
            {
                await session.Print(accepted, _ => session.Terminal.Out.WriteLineAsync($"accepted: {migrationId} will be cancelled unless it has moved by then"));
                return Exit.Done;
            }
            var end = await new Follow(session.Api, session.Terminal, quiet: session.Json).UntilEnded(migrationId, cancellationToken);
            await session.Print(end, detail => session.Terminal.Out.WriteLineAsync(Ending.Sentence(detail.Migration)));
            return end.Value.Migration.State switch
            {
                "cancelled" => Exit.Done,
                "completed" => Exit.Refused,   // it had moved before the cancel could be carried out
                _ => Exit.Failed,
            };
        });
        command.Add(id);
        command.Add(reason);
        command.Add(wait);
        return command;
    }
}
