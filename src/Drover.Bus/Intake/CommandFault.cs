using System.Globalization;
using System.Text;
using Drover.Contracts.Commands;

namespace Drover.Bus;

/// <summary>What is wrong with a command.</summary>
internal sealed record CommandFault(RejectionCode Code, string Message)
{
    /// <summary>A stranger's text for a sentence of ours: at most 40 characters, nothing that could break a line or a terminal.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            if (quoted.Length > 40)
                return quoted.Append("…\"").ToString();
            var harmless = !Rune.IsControl(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            quoted.Append(harmless ? rune.ToString() : "\uFFFD");
        }
        return quoted.Append('"').ToString();
    }
}
