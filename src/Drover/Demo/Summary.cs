using Drover.Client;

namespace Drover.Demo;

/// <summary>What was asked, and how it ended.</summary>
internal static class Summary
{
    /// <summary>Writes it; exit code 0 when all of it is as the story tells.</summary>
    public static async Task<int> Write(Terminal terminal, Story story)
    {
        await terminal.Out.WriteLineAsync();
        await Columns.Write(terminal.Out, ["GUEST", "FROM", "TO", "ENDED", "AFTER", "PAUSE", "PASSES", "WAITED FOR"], story.Moves.Select(IReadOnlyList<string> (move) =>
        [
            move.Guest, move.From, move.To, move.Seen?.State ?? "-",
            move.Seen is { EndedAt: { } ended } view ? Units.Duration(ended - view.RequestedAt) : "-",
            move.Seen?.Downtime is { } pause ? Units.Duration(pause) : "-",
            move.Seen?.Passes?.ToString() ?? "-",
            move.WaitedFor ?? "-",
        ]));
        await terminal.Out.WriteLineAsync();
        var wrong = story.Moves.Select(move => move.Wrong).OfType<string>().ToList();
        if (wrong.Count == 0)
        {
            await terminal.Out.WriteLineAsync($"{story.Moves.Count} moves were asked for, and each ended once, as told, in {Units.Duration(story.Told)}.");
            return Exit.Done;
        }
        foreach (var sentence in wrong)
            await terminal.Error.WriteLineAsync($"drover: {sentence}.");
        return Exit.Failed;
    }
}
