using Drover.Client;
using Spectre.Console;

namespace Drover.Demo;

/// <summary>Shows a story: bars that move on a terminal, a line at each step elsewhere.</summary>
internal sealed class Screen(Terminal terminal, Story story)
{
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(3);
    private readonly Dictionary<Move, (string State, TimeSpan At)> lines = [];

    /// <summary>Shows it while it is told.</summary>
    public async Task Show(CancellationToken cancellationToken)
    {
        if (!terminal.Live)
        {
            await story.Tell(Lines, cancellationToken);
            return;
        }
        var console = Bar.Console(terminal);
        await console.Live(Bars(console.Profile.Width)).StartAsync(live =>
            story.Tell(() => live.UpdateTarget(Bars(console.Profile.Width)), cancellationToken));
    }

    private Grid Bars(int width)
    {
        var guests = story.Moves.Max(move => move.Guest.Length);
        var hosts = story.Moves.Max(move => Way(move).Length);
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2)).AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(2)).AddColumn(new GridColumn().NoWrap().PadLeft(0).PadRight(0));
        foreach (var move in story.Moves)
        {
            grid.AddRow(new Markup($"[bold]{move.Guest}[/]"), new Markup(Way(move)), move switch
            {
                { Id: null } => new Markup(Cut($"[grey]{Markup.Escape(move.About)}[/]", width - guests - hosts - 6)),
                { Seen: null } => Bar.Of(Look.Accepted(story.Told - move.AskedAt), width - guests - hosts - 6),
                { IsOver: true, Seen: var end } => new Markup(Cut($"{Mark(end.State)} {Facts(end)}", width - guests - hosts - 6)),
                { Seen: var now } => Bar.Of(Look.At(now, story.Told - move.AskedAt), width - guests - hosts - 6),
            });
        }
        return grid;
    }

    private void Lines()
    {
        foreach (var move in story.Moves.Where(move => move.Seen is not null))
        {
            var state = move.Seen!.State;
            if (lines.TryGetValue(move, out var last) && last.State == state && (move.IsOver || story.Told - last.At < LineEvery))
                continue;
            lines[move] = (state, story.Told);
            var look = Look.At(move.Seen, story.Told - move.AskedAt);
            terminal.Out.WriteLine($"{Units.Duration(story.Told),8}  {move.Guest,-5}  {Way(move)}  "
                + (move.IsOver ? $"{state}: {Facts(move.Seen)}" : $"{look.State} {look.Percent}%  {string.Join("  ", look.Facts)}"));
            terminal.Out.Flush();
        }
    }

    private static string Way(Move move) => $"{move.From} → {move.To}";

    private static string Mark(string state) => state switch
    {
        "completed" => "[green]✔ completed[/]",
        "cancelled" => "[yellow]✔ cancelled[/]",
        _ => $"[red]✘ {state}[/]",
    };

    private static string Facts(Contracts.Views.MigrationView end) => end.State == "completed"
        ? $"in {Units.Duration(end.EndedAt!.Value - end.RequestedAt)}, pause {(end.Downtime is { } pause ? Units.Duration(pause) : "unknown")}, {end.Passes} passes, {Units.Bytes(end.TransferredBytes ?? 0)}"
        : $"after {Units.Duration(end.EndedAt!.Value - end.RequestedAt)}, stays on {end.Source}";

    // Markup's own marks are not seen: a line that is too long by them is not too long.
    private static string Cut(string text, int width) => Markup.Remove(text).Length <= width ? text : Markup.Escape(Markup.Remove(text)[..Math.Max(0, width)]);
}
