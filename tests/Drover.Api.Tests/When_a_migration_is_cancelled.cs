using System.Net;

namespace Drover.Api.Tests;

public sealed class When_a_migration_is_cancelled : IAsyncLifetime
{
    private readonly ApiUnderTest api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task One_that_runs_is_accepted_and_the_command_says_by_whom_and_why()
    {
        var running = Some.Migration();
        await api.Add(running);
        var (status, _, response) = await api.Post($"/v1/migrations/{running.CorrelationId}/cancel", """{"requestedBy":"ann","reason":"not now"}""");
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal($"/v1/migrations/{running.CorrelationId}", response.Headers.Location!.ToString());
        var (key, command) = await api.OneCommand();
        Assert.Equal("cancel-migration", key);
        Assert.Equal(running.CorrelationId, command.GetProperty("migrationId").GetGuid());
        Assert.Equal("ann", command.GetProperty("requestedBy").GetString());
    }

    [Fact]
    public async Task No_body_is_needed()
    {
        var running = Some.Migration();
        await api.Add(running);
        var (status, _, _) = await api.Send(HttpMethod.Post, $"/v1/migrations/{running.CorrelationId}/cancel");
        Assert.Equal(HttpStatusCode.Accepted, status);
    }

    [Fact]
    public async Task One_that_is_not_known_is_404()
    {
        var (status, body, _) = await api.Post($"/v1/migrations/{Guid.NewGuid()}/cancel", "{}");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("unknown-migration", body.GetProperty("code").GetString());
        Assert.Empty(api.Commands);
    }

    [Fact]
    public async Task One_that_has_ended_is_409()
    {
        var ended = Some.Migration(state: "Completed");
        await api.Add(ended);
        var (status, body, _) = await api.Post($"/v1/migrations/{ended.CorrelationId}/cancel", "{}");
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal("already-ended", body.GetProperty("code").GetString());
        Assert.Empty(api.Commands);
    }

    [Fact]
    public async Task A_body_that_names_another_migration_is_refused()
    {
        var running = Some.Migration();
        await api.Add(running);
        var (status, body, _) = await api.Post($"/v1/migrations/{running.CorrelationId}/cancel", $$"""{"migrationId":"{{Guid.NewGuid()}}"}""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid-value", body.GetProperty("code").GetString());
    }
}
