using System.Globalization;
using System.Xml;

namespace Drover.Client;

/// <summary>A time as people type it: a time of day, how long from now, or an instant.</summary>
internal static class Moment
{
    /// <summary>What may be typed, for help and for answers.</summary>
    public const string Forms = "20:30 (the next time that this machine's clock shows it), 30m or PT30M (from now), or 2026-01-31T20:30 (with Z or +01:00 for another time zone)";

    private static readonly string[] _clock = ["H:mm", "H:mm:ss"];

    /// <summary>Reads one of <see cref="Forms"/>; null when it is none.</summary>
    /// <param name="text">What was typed.</param>
    /// <param name="now">Now, in the time zone in which it was typed.</param>
    public static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (TimeOnly.TryParseExact(text, _clock, CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock))
        {
            var today = new DateTimeOffset(now.Date + clock.ToTimeSpan(), now.Offset);
            return today > now ? today : today.AddDays(1);
        }

        if (Duration(text) is { } fromNow)
            return now + fromNow;
        return text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var instant) ? instant : null;
    }

    private static TimeSpan? Duration(string text)
    {
        if (!text.StartsWith('P'))
            return Units.ParseDuration(text);
        try
        {
            return XmlConvert.ToTimeSpan(text);
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            return null;
        }
    }
}
