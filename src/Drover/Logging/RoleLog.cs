using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;

namespace Drover.Logging;

/// <summary>A role's log: the console always, Elasticsearch where it is set.</summary>
internal sealed class RoleLog : IAsyncDisposable
{
    /// <summary>What is left of the five seconds in which a role must end, once everything else has stopped.</summary>
    private static readonly TimeSpan _lastWords = TimeSpan.FromMilliseconds(700);
    private readonly ElasticsearchSink? elasticsearch;

    public RoleLog(LogOptions options, string role)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(options.Level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Microsoft.Hosting.Lifetime", LogEventLevel.Information)   // where the API listens
            .MinimumLevel.Override("Microsoft.EntityFrameworkCore", LogEventLevel.Fatal)      // whoever asked the database logs its exception, once and in context
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .MinimumLevel.Override("MassTransit", LogEventLevel.Warning)
            .MinimumLevel.Override("Quartz", LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .Filter.ByExcluding(FailedStart)
            .WriteTo.Console(new LineFormatter());
        foreach (var (source, level) in options.Levels)
            configuration.MinimumLevel.Override(source, level);
        if (options.Elasticsearch.Url is not null)
        {
            Serilog.Debugging.SelfLog.Enable(Console.Error);
            elasticsearch = new ElasticsearchSink(options.Elasticsearch, role, TimeProvider.System);
            configuration.WriteTo.Sink(elasticsearch, new BatchingOptions
            {
                BatchSizeLimit = options.Elasticsearch.BatchSize,
                BufferingTimeLimit = options.Elasticsearch.BatchEvery,
                QueueLimit = options.Elasticsearch.QueueLimit,
            });
        }
        Logger = configuration.CreateLogger();
    }

    // The host logs why it did not start, and throws the same: the role tells it, in a sentence where that is enough.
    private static bool FailedStart(LogEvent logEvent) =>
        logEvent.MessageTemplate.Text == "Hosting failed to start" && logEvent.Properties.TryGetValue("SourceContext", out var source)
        && source is ScalarValue { Value: "Microsoft.Extensions.Hosting.Internal.Host" };

    /// <summary>Serilog's own.</summary>
    public Logger Logger { get; }

    /// <summary>Sends what waits, for a moment at most.</summary>
    public async ValueTask DisposeAsync()
    {
        elasticsearch?.CloseWithin(_lastWords);
        await Logger.DisposeAsync();
    }
}
