using System.Globalization;

namespace Drover.Client;

/// <summary>Amounts as people read and type them. The program's culture is invariant everywhere, so a point is a point.</summary>
internal static class Units
{
    private static readonly string[] _bytes = ["B", "KiB", "MiB", "GiB", "TiB"];

    /// <summary>1288490188 is "1.2 GiB"; whole from 100 on.</summary>
    public static string Bytes(long bytes)
    {
        double amount = bytes;
        var unit = 0;
        for (; amount >= 1024 && unit < _bytes.Length - 1; unit++)
            amount /= 1024;
        return unit == 0 || amount >= 100 ? $"{amount:0} {_bytes[unit]}" : $"{amount:0.0} {_bytes[unit]}";
    }

    /// <summary>"84 ms", "12.3 s", "3 min 12 s", "2 h 05 min".</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalMilliseconds: < 999.5 } => $"{time.TotalMilliseconds:0} ms",
        { TotalSeconds: < 60 } => $"{time.TotalSeconds:0.0} s",
        { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds:00} s",
        _ => $"{(long)time.TotalHours} h {time.Minutes:00} min",
    };

    /// <summary>Reads "300ms", "1.5s", "2m" or "8h".</summary>
    public static TimeSpan? ParseDuration(string text)
    {
        var digits = text.TrimEnd("abcdefghijklmnopqrstuvwxyz".ToCharArray());
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) || amount > 1e6)
            return null;
        return text[digits.Length..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(amount),
            "s" => TimeSpan.FromSeconds(amount),
            "m" or "min" => TimeSpan.FromMinutes(amount),
            "h" => TimeSpan.FromHours(amount),
            _ => null,
        };
    }

    /// <summary>An instant in this machine's own time zone.</summary>
    public static string Instant(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
