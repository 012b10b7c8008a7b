namespace Drover;

/// <summary>Where a command writes, and what that can show.</summary>
internal sealed record Terminal
{
    /// <summary>Results.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Errors and hints: nothing that a script would parse.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>A line can be drawn over itself: <see cref="Out"/> is a terminal and not a file, a pipe or a dumb one.</summary>
    public required bool Live { get; init; }

    /// <summary>Colours are welcome: live, and NO_COLOR is not set (no-color.org).</summary>
    public required bool Colour { get; init; }

    /// <summary>This process's own.</summary>
    public static Terminal OfProcess()
    {
        var live = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new Terminal
        {
            Out = Console.Out,
            Error = Console.Error,
            Live = live,
            Colour = live && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
        };
    }
}
