using Spectre.Console;

namespace Drover.Client;

/// <summary>Draws a migration over one line of a terminal.</summary>
internal static class Bar
{
    private const int Width = 24;

    /// <summary>The line, no wider than the terminal: facts that do not fit are left out, the least important first.</summary>
    public static Markup Of(Look look, int terminalWidth)
    {
        var done = Width * look.Percent / 100;
        var text = $"{look.State,-11} [green]{new string('━', done)}[/][grey]{new string('─', Width - done)}[/] {look.Percent,3}%";
        var left = terminalWidth - 1 - (Math.Max(11, look.State.Length) + 1 + Width + 5);
        foreach (var fact in look.Facts)
        {
            var shown = fact.Length + 2 <= left || fact != look.Facts[0] ? fact : fact[..Math.Max(0, left - 2)];
            if (shown.Length + 2 > left)
                break;
            text += "  " + Markup.Escape(shown);
            left -= shown.Length + 2;
        }
        return new Markup(text);
    }

    /// <summary>A console of Spectre's on the terminal.</summary>
    public static IAnsiConsole Console(Terminal terminal) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.Yes,
        ColorSystem = terminal.Colour ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(terminal.Out),
    });
}
