using System.Globalization;
using System.Text.RegularExpressions;

namespace Drover.Sites;

/// <summary>Amounts as people write them, with their unit: "4 GiB", "40 MiB/s", "800 Mbit", "10g".</summary>
internal static partial class Amount
{
    private static readonly Dictionary<string, double> _bytes = new(StringComparer.Ordinal)
    {
        ["B"] = 1,
        ["KiB"] = 1L << 10,
        ["MiB"] = 1L << 20,
        ["GiB"] = 1L << 30,
        ["TiB"] = 1L << 40,
        ["kB"] = 1e3,
        ["MB"] = 1e6,
        ["GB"] = 1e9,
        ["TB"] = 1e12,
    };

    // The short ones are Crowbar's names of link speeds.
    private static readonly Dictionary<string, double> _bits = new(StringComparer.OrdinalIgnoreCase)
    {
        ["kbit"] = 1e3,
        ["mbit"] = 1e6,
        ["gbit"] = 1e9,
        ["m"] = 1e6,
        ["g"] = 1e9,
    };

    /// <summary>"1.5 GiB" → bytes; null when it is no such amount, NaN never.</summary>
    public static long? Bytes(string text) => Parts(text) is var (number, unit) && _bytes.TryGetValue(unit, out var factor) ? Whole(number * factor) : null;

    /// <summary>"40 MiB/s" → bytes per second; "0" needs no unit.</summary>
    public static long? BytesPerSecond(string text) =>
        text == "0" ? 0 : text.EndsWith("/s", StringComparison.Ordinal) ? Bytes(text[..^2]) : null;

    /// <summary>A link's speed, "10g", "800 Mbit", "1 Gbit/s" or "100 MiB/s" → bytes per second.</summary>
    public static long? Speed(string text)
    {
        if (BytesPerSecond(text) is { } bytes)
            return bytes;
        return Parts(text.EndsWith("/s", StringComparison.Ordinal) ? text[..^2] : text) is var (number, unit) && _bits.TryGetValue(unit, out var factor)
            ? Whole(number * factor / 8) : null;
    }

    private static (double Number, string Unit)? Parts(string text) =>
        Written().Match(text) is { Success: true } match && double.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? (number, match.Groups[2].Value)
            : null;

    private static long? Whole(double amount) => Math.Abs(amount) < 1e18 ? (long)Math.Round(amount) : null;

    [GeneratedRegex(@"\A(-?[0-9]{1,18}(?:\.[0-9]{1,6})?) ?([A-Za-z]{1,5})\z")]
    private static partial Regex Written();
}
