using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Drover.Tests.Logging;

/// <summary>Stands for Elasticsearch: keeps what the bulk API was sent and answers as it is told.</summary>
public sealed class BulkApi : IAsyncDisposable
{
    private readonly WebApplication app;

    private BulkApi(WebApplication app) => this.app = app;

    public ConcurrentQueue<(string Path, string? ContentType, string? Authorization, string Body)> Requests { get; } = new();

    /// <summary>Answers by request number from 0 and its lines.</summary>
    public Func<int, string[], (HttpStatusCode Status, string Body)> Answer { get; set; } = (_, _) => (HttpStatusCode.OK, """{"errors":false,"items":[]}""");

    public Uri Url => new(app.Urls.Single());

    public static async Task<BulkApi> Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel().UseUrls("http://127.0.0.1:0");
        var api = new BulkApi(builder.Build());
        api.app.Run(api.Take);
        await api.app.StartAsync();
        return api;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var (status, answer) = Answer(Requests.Count, body.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Requests.Enqueue((context.Request.Path, context.Request.ContentType, context.Request.Headers.Authorization, body));
        context.Response.StatusCode = (int)status;
        await context.Response.WriteAsync(answer);
    }
}
