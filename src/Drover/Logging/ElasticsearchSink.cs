using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;

namespace Drover.Logging;

/// <summary>
/// Sends log events to a data stream through the bulk API, in batches. What the cluster refuses for now (429, 5xx, no answer) is tried again for a bounded
/// time, item by item; what it refuses for good is dropped and counted. There is no buffer on disk yet: what waits in memory is lost with the process.
/// It never logs through the logger that it serves: it complains to Serilog's <see cref="SelfLog"/>.
/// </summary>
internal sealed class ElasticsearchSink : IBatchedLogEventSink, IDisposable
{
    private static readonly TimeSpan _firstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _longestPause = TimeSpan.FromSeconds(8);
    private static readonly byte[] _create = "{\"create\":{}}\n"u8.ToArray();
    private readonly ElasticsearchOptions options;
    private readonly EcsDocument document;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private readonly CancellationTokenSource closing = new();
    private long dropped;

    public ElasticsearchSink(ElasticsearchOptions options, string role, TimeProvider time)
    {
        this.options = options;
        this.time = time;
        document = new EcsDocument(role);
        http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            BaseAddress = new Uri($"{options.Url!.AbsoluteUri.TrimEnd('/')}/{options.DataStream}/_bulk"),
            Timeout = TimeSpan.FromSeconds(15),
        };
        if (options.ApiKeyFile is { } file)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", File.ReadAllText(file).Trim());
    }

    /// <summary>Events that were given up.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>The process is about to end: what is still to be sent has this long.</summary>
    public void CloseWithin(TimeSpan rest) => closing.CancelAfter(rest);

    public async Task EmitBatchAsync(IReadOnlyCollection<LogEvent> batch)
    {
        var left = batch.Select(Encode).ToList();
        var began = time.GetTimestamp();
        for (var pause = _firstPause; left.Count > 0; pause = pause * 2 < _longestPause ? pause * 2 : _longestPause)
        {
            try
            {
                left = await Send(left, closing.Token);
                if (left.Count == 0)
                    return;
                if (time.GetElapsedTime(began) + pause > options.RetryFor)
                    break;
                await Task.Delay(pause, time, closing.Token);
            }
            catch (OperationCanceledException) when (closing.IsCancellationRequested)
            {
                break;
            }
        }
        Drop(left.Count, "given up");
    }

    public Task OnEmptyBatchAsync() => Task.CompletedTask;

    public void Dispose()
    {
        http.Dispose();
        closing.Dispose();
    }

    /// <summary>Sends once and returns what should be sent again.</summary>
    private async Task<List<byte[]>> Send(List<byte[]> documents, CancellationToken cancellationToken)
    {
        try
        {
            using var content = new ByteArrayContent([.. documents.SelectMany(one => _create.Concat(one))]);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
            using var answer = await http.PostAsync((Uri?)null, content, cancellationToken);
            if (IsForNow((int)answer.StatusCode))
                return documents;
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                Drop(documents.Count, $"the bulk API answered {(int)answer.StatusCode}");
                return [];
            }
            return await RefusedForNow(documents, answer, cancellationToken);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            SelfLog.WriteLine("Elasticsearch does not answer: {0}", error.Message);
            return documents;
        }
    }

    /// <summary>The bulk API answers 200 even when it refuses items: each says for itself.</summary>
    private async Task<List<byte[]>> RefusedForNow(List<byte[]> documents, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var body = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
        if (!body.RootElement.TryGetProperty("errors", out var errors) || !errors.GetBoolean())
            return [];
        var again = new List<byte[]>();
        var refused = 0;
        foreach (var (item, one) in body.RootElement.GetProperty("items").EnumerateArray().Zip(documents))
        {
            var status = item.GetProperty("create").GetProperty("status").GetInt32();
            if (IsForNow(status))
                again.Add(one);
            else if (status >= 300)
                refused++;
        }
        Drop(refused, "refused by the data stream");
        return again;
    }

    private static bool IsForNow(int status) => status is 429 or >= 500;

    private byte[] Encode(LogEvent logEvent)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
            document.Write(json, logEvent);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    private void Drop(int count, string why)
    {
        if (count == 0)
            return;
        Interlocked.Add(ref dropped, count);
        SelfLog.WriteLine("{0} log events dropped: {1}", count, why);
    }
}
