using System.Globalization;
using Serilog.Events;
using Serilog.Parsing;

namespace Drover.Logging;

/// <summary>A message as a sentence: Serilog itself would put every text value in quotes.</summary>
internal static class PlainMessage
{
    public static string Of(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken { PropertyName: var name } && logEvent.Properties.TryGetValue(name, out var value) && value is ScalarValue { Value: string plain })
                text.Write(plain);
            else
                token.Render(logEvent.Properties, text, CultureInfo.InvariantCulture);
        }
        return text.ToString();
    }
}
