using Serilog.Events;
using Serilog.Formatting;

namespace Drover.Logging;

/// <summary>One event as one line: <c>12:00:01.250 INF Drover.Api.Commands.CommandIntake migrate-guest accepted [0199…]</c>, in UTC; an exception follows indented.</summary>
internal sealed class LineFormatter : ITextFormatter
{
    private static readonly string[] _levels = ["VRB", "DBG", "INF", "WRN", "ERR", "FTL"];

    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.UtcDateTime.ToString("HH:mm:ss.fff", null));
        output.Write(' ');
        output.Write(_levels[(int)logEvent.Level]);
        output.Write(' ');
        output.Write(Text(logEvent, "SourceContext") ?? "Drover");
        output.Write(' ');
        output.Write(PlainMessage.Of(logEvent).ReplaceLineEndings(" "));
        if (Text(logEvent, "Host") is { } host && !logEvent.MessageTemplate.Text.Contains("{Host}", StringComparison.Ordinal))
            output.Write($" [{host}]");
        if (Text(logEvent, "MigrationId") is { } migration && !logEvent.MessageTemplate.Text.Contains("{MigrationId}", StringComparison.Ordinal))
            output.Write($" [{migration}]");
        output.WriteLine();
        if (logEvent.Exception is { } exception)
            output.WriteLine("  " + exception.ToString().ReplaceLineEndings(Environment.NewLine + "  "));
    }

    private static string? Text(LogEvent logEvent, string property) =>
        logEvent.Properties.TryGetValue(property, out var value) && value is ScalarValue { Value: { } scalar } ? scalar.ToString() : null;
}
