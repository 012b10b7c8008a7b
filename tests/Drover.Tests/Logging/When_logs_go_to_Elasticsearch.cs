using System.Net;
using System.Text.Json;
using Drover.Logging;
using Drover.Testing;
using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Parsing;

namespace Drover.Tests.Logging;

public sealed class When_logs_go_to_Elasticsearch : IAsyncLifetime
{
    private BulkApi api = null!;

    public async ValueTask InitializeAsync() => api = await BulkApi.Start();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_batch_is_one_request_of_creates_into_the_data_stream_that_ends_with_a_newline()
    {
        using var sink = Sink();
        await sink.EmitBatchAsync([Event("one"), Event("two")]);
        var (path, type, _, body) = Assert.Single(api.Requests);
        Assert.Equal("/logs-drover-default/_bulk", path);
        Assert.Equal("application/x-ndjson", type);
        Assert.EndsWith("\n", body, StringComparison.Ordinal);
        var lines = body.TrimEnd('\n').Split('\n');
        Assert.Equal(["{\"create\":{}}", "{\"create\":{}}"], [lines[0], lines[2]]);
        Assert.Equal(["one", "two"], [Message(lines[1]), Message(lines[3])]);
    }

    [Fact]
    public async Task A_document_has_the_schemas_names_and_the_migration_as_a_label()
    {
        await using (var log = new RoleLog(new LogOptions { Elasticsearch = new ElasticsearchOptions { Url = api.Url } }, "agent"))
        {
            using var factory = new Serilog.Extensions.Logging.SerilogLoggerFactory(log.Logger);
            var logger = factory.CreateLogger("Drover.Agent.Watch");
            using (logger.BeginScope(new Dictionary<string, object> { ["MigrationId"] = Guid.Empty }))
                logger.Log(LogLevel.Warning, new EventId(2007, "LinkBroke"), new InvalidOperationException("no route"), "{Guest} lost its link", "web-1");
        }
        var document = JsonElement.Parse(Assert.Single(api.Requests).Body.Split('\n')[1]);
        Assert.Equal("web-1 lost its link", document.GetProperty("message").GetString());
        Assert.Equal("warn", document.GetProperty("log.level").GetString());
        Assert.Equal("Drover.Agent.Watch", document.GetProperty("log.logger").GetString());
        Assert.Equal("2007", document.GetProperty("event.code").GetString());
        Assert.Equal("LinkBroke", document.GetProperty("event.action").GetString());
        Assert.Equal("no route", document.GetProperty("error.message").GetString());
        Assert.Equal("drover", document.GetProperty("service.name").GetString());
        Assert.Equal("agent", document.GetProperty("labels").GetProperty("role").GetString());
        Assert.Equal($"{Guid.Empty}", document.GetProperty("labels").GetProperty("migration_id").GetString());
        Assert.Equal("web-1", document.GetProperty("labels").GetProperty("guest").GetString());
        Assert.True(document.GetProperty("@timestamp").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task What_is_refused_for_now_is_sent_again_and_only_that()
    {
        api.Answer = (request, _) => request == 0
            ? (HttpStatusCode.OK, """{"errors":true,"items":[{"create":{"status":201}},{"create":{"status":429}},{"create":{"status":400}}]}""")
            : (HttpStatusCode.OK, """{"errors":false,"items":[]}""");
        using var sink = Sink();
        await sink.EmitBatchAsync([Event("kept"), Event("too many"), Event("malformed")]);
        Assert.Equal(2, api.Requests.Count);
        Assert.Equal(["too many"], Messages(api.Requests.Last().Body));
        Assert.Equal(1, sink.Dropped);
    }

    [Fact]
    public async Task A_node_that_restarts_loses_nothing()
    {
        api.Answer = (request, _) => request < 2 ? (HttpStatusCode.ServiceUnavailable, "") : (HttpStatusCode.OK, """{"errors":false,"items":[]}""");
        using var sink = Sink();
        await sink.EmitBatchAsync([Event("one")]);
        Assert.Equal(3, api.Requests.Count);
        Assert.Equal(0, sink.Dropped);
    }

    [Fact]
    public async Task A_request_that_is_wrong_is_not_sent_again()
    {
        api.Answer = (_, _) => (HttpStatusCode.Unauthorized, "");
        using var sink = Sink();
        await sink.EmitBatchAsync([Event("one"), Event("two")]);
        Assert.Single(api.Requests);
        Assert.Equal(2, sink.Dropped);
    }

    [Fact]
    public async Task A_node_that_never_comes_back_is_given_up_after_a_bounded_time()
    {
        api.Answer = (_, _) => (HttpStatusCode.ServiceUnavailable, "");
        using var sink = Sink(TimeSpan.FromSeconds(1));
        await sink.EmitBatchAsync([Event("one")]);
        Assert.Equal(1, sink.Dropped);
        Assert.InRange(api.Requests.Count, 2, 10);
    }

    [Fact]
    public async Task The_end_of_the_process_does_not_wait_for_a_node_that_is_away()
    {
        api.Answer = (_, _) => (HttpStatusCode.ServiceUnavailable, "");
        using var sink = Sink(TimeSpan.FromMinutes(10));
        var emitting = sink.EmitBatchAsync([Event("one")]);
        await Eventually.True(() => !api.Requests.IsEmpty);
        sink.CloseWithin(TimeSpan.FromMilliseconds(10));
        await emitting.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.Equal(1, sink.Dropped);
    }

    [Fact]
    public async Task The_api_key_is_read_from_its_file()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "c2VjcmV0\n", TestContext.Current.CancellationToken);
        using var sink = new ElasticsearchSink(new ElasticsearchOptions { Url = api.Url, ApiKeyFile = file }, "api", TimeProvider.System);
        await sink.EmitBatchAsync([Event("one")]);
        File.Delete(file);
        Assert.Equal("ApiKey c2VjcmV0", Assert.Single(api.Requests).Authorization);
    }

    private ElasticsearchSink Sink(TimeSpan? retryFor = null) =>
        new(new ElasticsearchOptions { Url = api.Url, RetryFor = retryFor ?? TimeSpan.FromSeconds(60) }, "api", TimeProvider.System);

    private static LogEvent Event(string message) =>
        new(DateTimeOffset.UnixEpoch, LogEventLevel.Information, null, new MessageTemplateParser().Parse(message), []);

    private static string? Message(string line) => JsonElement.Parse(line).GetProperty("message").GetString();

    private static IEnumerable<string?> Messages(string body) =>
        body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where((_, number) => number % 2 == 1).Select(Message);
}
