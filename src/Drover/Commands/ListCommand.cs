using System.CommandLine;
using Drover.Client;
using Drover.Contracts.Views;

namespace Drover.Commands;

/// <summary><c>drover list</c>.</summary>
internal static class ListCommand
{
    public static Command Create(Terminal terminal)
    {
        var state = new Option<string?>("--state") { Description = "Only migrations in this state, or \"unfinished\", or \"ended\".", HelpName = "STATE" };
        var host = new Option<string?>("--host") { Description = "Only migrations from or to this host.", HelpName = "HOST" };
        var guest = new Option<string?>("--guest") { Description = "Only migrations of this guest: its name or UUID.", HelpName = "GUEST" };
        var limit = new Option<int>("--limit") { Description = "How many at most, newest first.", HelpName = "N", DefaultValueFactory = _ => 50 };
        var cursor = new Option<string?>("--cursor") { Description = "Where an earlier list ended.", HelpName = "CURSOR" };
        var foreign = new Option<bool>("--foreign") { Description = "Only what libvirt moves and nobody asked Drover for: it is shown and never touched." };

        var command = Session.Command("list", "Lists migrations, newest first.", terminal, async (parsed, session, cancellationToken) =>
        {
            if (parsed.GetValue(foreign))
            {
                await session.Print(await session.Api.Get<ForeignMigrationList>("v1/foreign-migrations", cancellationToken), list => Columns.Write(
                    session.Terminal.Out, ["GUEST", "UUID", "FROM", "TO"],
                    list.Migrations.Select(IReadOnlyList<string> (migration) => [migration.Guest, migration.GuestUuid.ToString(), migration.Source, migration.Destination ?? "-"])));
                return Exit.Done;
            }
            var query = new Dictionary<string, string?>
            {
                ["state"] = parsed.GetValue(state),
                ["host"] = parsed.GetValue(host),
                ["guest"] = parsed.GetValue(guest),
                ["limit"] = parsed.GetValue(limit).ToString(),
                ["cursor"] = parsed.GetValue(cursor),
            };
            var path = "v1/migrations?" + string.Join('&', query.Where(part => part.Value is not null).Select(part => $"{part.Key}={Uri.EscapeDataString(part.Value!)}"));
            await session.Print(await session.Api.Get<MigrationList>(path, cancellationToken), list => Write(list, session.Terminal));
            return Exit.Done;
        });
        foreach (var option in new Option[] { state, host, guest, limit, cursor, foreign })
            command.Add(option);
        return command;
    }

    private static async Task Write(MigrationList list, Terminal terminal)
    {
        await Columns.Write(terminal.Out, ["ID", "GUEST", "FROM", "TO", "STATE", "%", "REQUESTED", "REASON"], list.Migrations.Select(IReadOnlyList<string> (migration) =>
        [
            migration.MigrationId.ToString(), migration.Guest, migration.Source, migration.Destination, migration.State,
            migration switch { { State: "completed" } => "100", { Progress: { } progress } => progress.Percent.ToString(), _ => "-" },
            Units.Instant(migration.RequestedAt), migration.Reason ?? "",
        ]));
        if (list.Next is { } next)
            await terminal.Error.WriteLineAsync($"There are more: --cursor {next}");
    }
}
