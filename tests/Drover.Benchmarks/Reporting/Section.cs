namespace Drover.Benchmarks.Reporting;

/// <summary>One benchmark's outcome.</summary>
internal sealed record Section
{
    public required string Title { get; init; }

    /// <summary>What was done and how it was timed.</summary>
    public required string Method { get; init; }

    public required IReadOnlyList<Figure> Figures { get; init; }
}

/// <summary>One figure beside its aim. Aims are written down, never asserted: the machine decides too much.</summary>
internal sealed record Figure(string Name, string Value)
{
    public string? Aim { get; init; }

    public bool? Met { get; init; }

    /// <summary>A figure that should not be above a bound.</summary>
    public static Figure AtMost(string name, double value, double aim, string unit, string? beside = null) =>
        new(name, $"{Number(value)} {unit}{beside}") { Aim = $"<= {Number(aim)} {unit}", Met = value <= aim };

    /// <summary>A figure that should not be below a bound.</summary>
    public static Figure AtLeast(string name, double value, double aim, string unit, string? beside = null) =>
        new(name, $"{Number(value)} {unit}{beside}") { Aim = $">= {Number(aim)} {unit}", Met = value >= aim };

    /// <summary>Three figures' worth of digits: more would pretend.</summary>
    public static string Number(double value) => Math.Abs(value) switch { >= 100 => $"{value:0}", >= 10 => $"{value:0.#}", _ => $"{value:0.##}" };
}
