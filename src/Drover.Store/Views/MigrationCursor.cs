using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Drover.Store.Views;

/// <summary>A place in the list of migrations, newest first. Keyed by values and not by a count, so that new migrations shift no page.</summary>
/// <param name="RequestedAt">When the last migration of the page was requested.</param>
/// <param name="MigrationId">That migration: it decides between two of the same instant.</param>
public sealed record MigrationCursor(DateTimeOffset RequestedAt, Guid MigrationId)
{
    /// <summary>As text that a client gives back unread.</summary>
    public override string ToString() =>
        Base64Url.EncodeToString(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{RequestedAt.UtcTicks}/{MigrationId:N}")));

    /// <summary>Reads such a text; null when it is none.</summary>
    public static MigrationCursor? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var count))
            return null;
        return Encoding.ASCII.GetString(bytes, 0, count).Split('/') is [var ticks, var id]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var utcTicks)
            && utcTicks <= DateTimeOffset.MaxValue.UtcTicks
            && Guid.TryParseExact(id, "N", out var migrationId)
                ? new MigrationCursor(new DateTimeOffset(utcTicks, TimeSpan.Zero), migrationId)
                : null;
    }
}
