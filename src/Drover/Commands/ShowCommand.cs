using System.CommandLine;
using System.Text.Json;
using Drover.Client;
using Drover.Contracts.Views;

namespace Drover.Commands;

/// <summary><c>drover show ID</c>.</summary>
internal static class ShowCommand
{
    public static Command Create(Terminal terminal)
    {
        var id = Ids.Migration();
        var command = Session.Command("show", "Shows one migration: where it stands, what was announced, what was decided and why.", terminal, async (parsed, session, cancellationToken) =>
        {
            await session.Print(
                await session.Api.Get<MigrationDetail>($"v1/migrations/{parsed.GetValue(id)}", cancellationToken), detail => Write(detail, session.Terminal.Out));
            return Exit.Done;
        });
        command.Add(id);
        return command;
    }

    private static async Task Write(MigrationDetail detail, TextWriter output)
    {
        var migration = detail.Migration;
        await output.WriteLineAsync($"{migration.Guest} ({migration.GuestUuid}) from {migration.Source} to {migration.Destination}");
        await output.WriteLineAsync(migration.EndedAt is null
            ? $"{migration.State}  {string.Join("  ", Look.At(migration, DateTimeOffset.UtcNow - migration.RequestedAt).Facts)}"
            : Ending.Sentence(migration));
        await output.WriteLineAsync($"requested {Units.Instant(migration.RequestedAt)}{(migration.RequestedBy is { } who ? $" by {who}" : "")}, priority {migration.Priority}");
        if (migration.NotBefore is { } start)
            await output.WriteLineAsync($"not before {Units.Instant(start)}");
        if (migration.Deadline is { } deadline)
            await output.WriteLineAsync($"deadline {Units.Instant(deadline)}, then {migration.OnDeadline?.ToString().ToLowerInvariant()}");
        foreach (var evt in detail.Events)
            await output.WriteLineAsync($"  {evt.Sequence,3}  {When(evt)}  {evt.RoutingKey,-24}  {Text(evt, "reason")}".TrimEnd());
        if (detail.Journal.Count > 0)
            await output.WriteLineAsync("decisions");
        foreach (var entry in detail.Journal)
            await output.WriteLineAsync($"       {Units.Instant(entry.At)}  {entry.Kind}: {entry.Decision}  {entry.Reason}");
    }

    private static string When(EventView evt) => DateTimeOffset.TryParse(Text(evt, "occurredAt"), out var at) ? Units.Instant(at) : "";

    private static string Text(EventView evt, string member) =>
        evt.Body.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
