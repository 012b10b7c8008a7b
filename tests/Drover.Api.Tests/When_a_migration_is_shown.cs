using System.Net;
using Drover.Contracts.Commands;

namespace Drover.Api.Tests;

public sealed class When_a_migration_is_shown(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Fact]
    public async Task Its_events_come_in_order_as_they_were_published_and_its_decisions_with_their_reasons()
    {
        var migration = Some.Migration("shown");
        var id = migration.CorrelationId;
        await api.Add(migration, Some.Event(id, 2, "migration.admitted"), Some.Event(id, 1, "migration.requested"), Some.Decision(id), Some.Progress(migration));
        await api.Add(Some.Rejection(id, RejectionCode.IdReused));   // a second request with the same id: none of its steps
        var (status, body, _) = await api.Get($"/v1/migrations/{id}");
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("shown", body.GetProperty("migration").GetProperty("guest").GetString());
        Assert.Equal(["migration.requested", "migration.admitted"], body.GetProperty("events").EnumerateArray().Select(evt => evt.GetProperty("routingKey").GetString()));
        Assert.Equal("because", body.GetProperty("events")[0].GetProperty("body").GetProperty("reason").GetString());
        Assert.Equal("both lanes are free", body.GetProperty("journal")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task One_that_is_not_known_is_404()
    {
        var (status, body, _) = await api.Get($"/v1/migrations/{Guid.NewGuid()}");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("unknown-migration", body.GetProperty("code").GetString());
    }

    [Fact]
    public async Task One_that_was_rejected_after_it_had_been_accepted_says_why()
    {
        var id = Guid.CreateVersion7();
        await api.Add(Some.Rejection(id));
        var (status, body, _) = await api.Get($"/v1/migrations/{id}");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal("unknown-guest", body.GetProperty("code").GetString());
        Assert.Contains("nobody", body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(id, body.GetProperty("migrationId").GetGuid());
    }

    [Fact]
    public async Task An_id_that_is_none_is_400()
    {
        var (status, body, _) = await api.Get("/v1/migrations/seven");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid-value", body.GetProperty("code").GetString());
    }
}
