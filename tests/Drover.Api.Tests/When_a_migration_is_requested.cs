using System.Net;
using System.Text;
using System.Text.Json;

namespace Drover.Api.Tests;

public sealed class When_a_migration_is_requested : IAsyncLifetime
{
    private readonly ApiUnderTest api = new();

    private const string Path = "/v1/migrations";
    private const string Good = """{"guest":"web-1","destination":"host-b"}""";

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task The_answer_is_202_with_the_address_of_the_migration_and_the_command_reaches_the_bus()
    {
        var (status, body, response) = await api.Post(Path, Good);

        Assert.Equal(HttpStatusCode.Accepted, status);
        var id = body.GetProperty("migrationId").GetGuid();
        Assert.Equal($"/v1/migrations/{id}", response.Headers.Location!.ToString());
        var (key, command) = await api.OneCommand();
        Assert.Equal("migrate-guest", key);
        Assert.Equal(id, command.GetProperty("migrationId").GetGuid());
        Assert.Equal("web-1", command.GetProperty("guest").GetString());
        Assert.Equal("host-b", command.GetProperty("destination").GetString());
    }

    [Fact]
    public async Task The_clients_own_id_is_kept()
    {
        var id = Guid.NewGuid();
        var (status, body, _) = await api.Post(Path, $$"""{"guest":"web-1","destination":"host-b","migrationId":"{{id}}"}""");
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(id, body.GetProperty("migrationId").GetGuid());
        Assert.Equal(id, (await api.OneCommand()).Body.GetProperty("migrationId").GetGuid());
    }

    [Theory]
    [InlineData("not json", "not-json")]
    [InlineData("", "missing-member")]
    [InlineData("{}", "missing-member")]
    [InlineData("[]", "not-json")]
    [InlineData("""{"guest":"web-1","destination":"host-b","colour":"red"}""", "unknown-member")]
    [InlineData("""{"destination":"host-b"}""", "missing-member")]
    [InlineData("""{"guest":"web-1","destination":"host-b","priority":10}""", "invalid-value")]
    [InlineData("""{"guest":"web-1","destination":"host-b","priority":"5"}""", "invalid-value")]
    [InlineData("""{"guest":"a/b","destination":"host-b"}""", "invalid-name")]
    [InlineData("""{"guest":"web-1","source":"host-b","destination":"host-b"}""", "same-host")]
    [InlineData("""{"guest":"web-1","destination":"host-b","migrationId":"x"}""", "invalid-value")]
    public async Task What_the_bus_would_reject_is_refused_here_with_the_same_code(string json, string code)
    {
        var (status, body, response) = await api.Post(Path, json);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(code, body.GetProperty("code").GetString());
        Assert.NotEmpty(body.GetProperty("detail").GetString()!);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Empty(api.Commands);
    }

    [Theory]
    [InlineData(64 * 1024)]
    [InlineData(10 * 1024 * 1024)]
    public async Task A_body_over_64_KiB_is_refused_and_its_sender_lives_to_read_why(int more)
    {
        using var content = new ChunkedContent(Encoding.ASCII.GetBytes("{\"reason\":\"" + new string('a', more) + "\"}"));
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = content };
        var (status, body, _) = await api.Send(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Equal("body-too-large", body.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_body_that_says_to_be_something_else_than_JSON_is_refused()
    {
        var (status, body, _) = await api.Send(HttpMethod.Post, Path, new StringContent(Good, Encoding.UTF8, "text/plain"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
        Assert.Equal("unsupported-media-type", body.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_page_of_another_site_may_not_command()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = new StringContent(Good, Encoding.UTF8, "application/json") };
        request.Headers.Add("Origin", "http://evil.example");
        Assert.Equal(HttpStatusCode.Forbidden, (await api.Send(request)).Status);
    }

    [Fact]
    public async Task A_name_that_was_made_to_point_here_is_not_answered()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Path);
        request.Headers.Host = "rebound.example";
        Assert.Equal(HttpStatusCode.BadRequest, (await api.Send(request)).Status);
    }

    [Fact]
    public async Task A_commit_that_fails_is_answered_503_and_nothing_reaches_the_bus()
    {
        await api.Sql("CREATE TRIGGER no_outbox BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'the disk is full'); END");
        HttpStatusCode status;
        JsonElement body;
        try
        {
            (status, body, var response) = await api.Post(Path, Good);
            Assert.NotNull(response.Headers.RetryAfter);
        }
        finally
        {
            await api.Sql("DROP TRIGGER no_outbox");
        }
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("database-away", body.GetProperty("code").GetString());
        var lost = body.GetProperty("migrationId").GetGuid();

        // The next one gets through, and it alone: by the time it has arrived the first would have.
        var (_, next, _) = await api.Post(Path, Good);
        var arrived = (await api.OneCommand()).Body.GetProperty("migrationId").GetGuid();
        Assert.Equal(next.GetProperty("migrationId").GetGuid(), arrived);
        Assert.NotEqual(lost, arrived);
    }

    private sealed class ChunkedContent(byte[] bytes) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(bytes).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            Headers.ContentType = new("application/json");
            length = 0;
            return false;
        }
    }
}
