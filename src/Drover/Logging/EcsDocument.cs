using System.Globalization;
using System.Text.Json;
using Serilog.Events;

namespace Drover.Logging;

/// <summary>Writes a log event with the field names of the Elastic Common Schema, so that it stands beside other programs' logs.</summary>
internal sealed class EcsDocument(string role)
{
    private const string EcsVersion = "8.11.0";
    private readonly string host = Environment.MachineName;
    private readonly string version = typeof(EcsDocument).Assembly.GetName().Version!.ToString(3);

    /// <summary>Writes one JSON object.</summary>
    public void Write(Utf8JsonWriter json, LogEvent logEvent)
    {
        json.WriteStartObject();
        json.WriteString("@timestamp", logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        json.WriteString("message", PlainMessage.Of(logEvent));
        json.WriteString("ecs.version", EcsVersion);
        json.WriteString("log.level", Level(logEvent.Level));
        json.WriteString("service.name", "drover");
        json.WriteString("service.version", version);
        json.WriteString("host.name", host);
        json.WriteNumber("process.pid", Environment.ProcessId);
        if (logEvent.TraceId is { } trace)
            json.WriteString("trace.id", trace.ToHexString());
        if (logEvent.SpanId is { } span)
            json.WriteString("span.id", span.ToHexString());
        if (logEvent.Exception is { } exception)
        {
            json.WriteString("error.type", exception.GetType().FullName);
            json.WriteString("error.message", exception.Message);
            json.WriteString("error.stack_trace", exception.ToString());
        }
        foreach (var (name, value) in logEvent.Properties)
            Property(json, name, value);
        json.WriteStartObject("labels");
        json.WriteString("role", role);
        foreach (var (name, value) in logEvent.Properties)
        {
            if (name is not ("SourceContext" or "EventId"))
                json.WriteString(JsonNamingPolicy.SnakeCaseLower.ConvertName(name), Text(value));   // labels are keywords: always text
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Property(Utf8JsonWriter json, string name, LogEventPropertyValue value)
    {
        if (name == "SourceContext")
            json.WriteString("log.logger", Text(value));
        else if (name == "EventId" && value is StructureValue { Properties: var parts })
        {
            foreach (var part in parts)
                json.WriteString(part.Name == "Id" ? "event.code" : "event.action", Text(part.Value));
        }
    }

    private static string Text(LogEventPropertyValue value) => value is ScalarValue { Value: var scalar }
        ? Convert.ToString(scalar, CultureInfo.InvariantCulture) ?? ""
        : value.ToString(null, CultureInfo.InvariantCulture);

    private static string Level(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info",
        LogEventLevel.Warning => "warn",
        LogEventLevel.Error => "error",
        LogEventLevel.Fatal => "fatal",
    };
}
