using System.Net;
using Drover.Store.Hosts;

namespace Drover.Api.Tests;

public sealed class When_an_operator_attests : IAsyncLifetime
{
    private const string Word = """{"requestedBy":"anna","reason":"power is off"}""";

    private readonly ApiUnderTest api = new();

    public ValueTask InitializeAsync() => api.InitializeAsync();

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task A_silent_host_is_confirmed_down()
    {
        await api.Add(Some.Host("host-a", silent: true));
        var (status, body, response) = await api.Post("/v1/hosts/host-a/confirm-down", Word);
        Assert.Equal((HttpStatusCode.Accepted, "host-a", "/v1/hosts/host-a"), (status, body.GetProperty("host").GetString(), response.Headers.Location!.ToString()));
        var (key, command) = await api.OneCommand();
        Assert.Equal(("confirm-host-down", "host-a", "anna"), (key, command.GetProperty("host").GetString(), command.GetProperty("requestedBy").GetString()));
    }

    [Fact]
    public async Task A_host_that_reports_one_that_never_did_and_a_word_without_a_name_are_refused()
    {
        await api.Add(Some.Host("host-b"), Some.Host("host-a", silent: true));
        Assert.Equal((HttpStatusCode.Conflict, "host-reports"), await Confirm("host-b", Word));
        Assert.Equal((HttpStatusCode.NotFound, "unknown-host"), await Confirm("host-z", Word));
        Assert.Equal((HttpStatusCode.BadRequest, "missing-member"), await Confirm("host-a", """{"reason":"power is off"}"""));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid-value"), await Confirm("host-a", """{"requestedBy":"anna","reason":" "}"""));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid-value"), await Confirm("host-a", """{"host":"host-b","requestedBy":"anna","reason":"x"}"""));
        Assert.Empty(api.Commands);
    }

    [Fact]
    public async Task A_host_that_is_confirmed_down_shows_by_whom()
    {
        await api.Add(Some.Host("host-a", silent: true), new HostSaga
        {
            CorrelationId = Guid.NewGuid(), Version = 1, CurrentState = "ConfirmedDown", Host = "host-a", ConfirmedDownAt = Some.Noon, ConfirmedDownBy = "anna", ConfirmedDownReason = "power is off",
        });
        var (_, host, _) = await api.Get("/v1/hosts/host-a");
        Assert.Equal(("confirmed-down", "by anna at 2026-01-31 12:00:00Z: power is off"), (host.GetProperty("presence").GetString(), host.GetProperty("confirmedDown").GetString()));
    }

    [Fact]
    public async Task A_migration_that_is_unsure_is_resolved()
    {
        var unsure = Some.Migration(state: "Unsure");
        await api.Add(unsure);
        var (status, _, _) = await api.Post($"/v1/migrations/{unsure.CorrelationId}/resolve", """{"outcome":"completed","statement":"web-1 runs on host-b","requestedBy":"anna","reason":"looked"}""");
        Assert.Equal(HttpStatusCode.Accepted, status);
        var (key, command) = await api.OneCommand();
        Assert.Equal(("resolve-migration", "completed"), (key, command.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task One_that_is_not_unsure_or_not_there_is_refused()
    {
        var (running, ended) = (Some.Migration(), Some.Migration("web-2", "Completed"));
        await api.Add(running, ended);
        const string body = """{"outcome":"completed","statement":"web-1 runs on host-b","requestedBy":"anna","reason":"looked"}""";
        Assert.Equal((HttpStatusCode.Conflict, "not-unsure"), await Resolve(running.CorrelationId, body));
        Assert.Equal((HttpStatusCode.Conflict, "already-ended"), await Resolve(ended.CorrelationId, body));
        Assert.Equal((HttpStatusCode.NotFound, "unknown-migration"), await Resolve(Guid.NewGuid(), body));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid-value"), await Resolve(running.CorrelationId, body.Replace("completed", "done", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_libvirt_moves_and_nobody_asked_for_is_shown_as_foreign()
    {
        var (foreign, ours) = (Guid.NewGuid(), Some.Migration("ours"));
        ours.TransferOrdered = true;
        await api.Add(
            ours, Leaves("ours", ours.GuestUuid, "host-a", "migration-out"),
            Leaves("web-9", foreign, "host-a", "migration-out"), Leaves("web-9", foreign, "host-c", "migration-in"), Leaves("still", Guid.NewGuid(), "host-a", "none"));
        var (_, body, _) = await api.Get("/v1/foreign-migrations");
        var only = Assert.Single(body.GetProperty("migrations").EnumerateArray());
        Assert.Equal(("web-9", "host-a", "host-c"), (only.GetProperty("guest").GetString(), only.GetProperty("source").GetString(), only.GetProperty("destination").GetString()));
    }

    private static GuestRow Leaves(string name, Guid uuid, string host, string job) =>
        new() { Host = host, Uuid = uuid, Name = name, MemoryBytes = 1 << 28, Vcpus = 1, Power = "running", Job = job };

    private async Task<(HttpStatusCode, string?)> Confirm(string host, string body) => Answer(await api.Post($"/v1/hosts/{host}/confirm-down", body));

    private async Task<(HttpStatusCode, string?)> Resolve(Guid id, string body) => Answer(await api.Post($"/v1/migrations/{id}/resolve", body));

    private static (HttpStatusCode, string?) Answer((HttpStatusCode Status, System.Text.Json.JsonElement Body, HttpResponseMessage) answer) => (answer.Status, answer.Body.GetProperty("code").GetString());
}
