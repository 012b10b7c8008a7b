using Serilog.Events;

namespace Drover.Logging;

/// <summary>What is logged, and where to besides the console. Configuration section <c>Log</c>.</summary>
internal sealed class LogOptions
{
    /// <summary>The least level of Drover's own messages: <c>Verbose</c>, <c>Debug</c>, <c>Information</c>, <c>Warning</c>, <c>Error</c>, <c>Fatal</c>. Default Information.</summary>
    public LogEventLevel Level { get; set; } = LogEventLevel.Information;

    /// <summary>Other levels by source, longest prefix first ("MassTransit": "Debug"). Default: Warning for what is not Drover's.</summary>
    public Dictionary<string, LogEventLevel> Levels { get; set; } = [];

    /// <summary>Elasticsearch, for logs that are searched and kept. Default: not used.</summary>
    public ElasticsearchOptions Elasticsearch { get; set; } = new();
}
