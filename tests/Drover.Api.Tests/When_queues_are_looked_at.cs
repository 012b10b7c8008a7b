using System.Net;
using System.Text;
using System.Text.Json;
using Drover.Api.Tests.Cli;
using Drover.Store.Outbox;

namespace Drover.Api.Tests;

public sealed class When_queues_are_looked_at : IAsyncLifetime
{
    private readonly ApiUnderTest api = new();

    public async ValueTask InitializeAsync()
    {
        await api.InitializeAsync();
        await api.Add(Parked("one"), Parked("two"));
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task In_one_process_the_outbox_is_listed_with_what_failed()
    {
        var (status, body, _) = await api.Get("/v1/queues");
        Assert.Equal(HttpStatusCode.OK, status);
        var outbox = Assert.Single(body.GetProperty("queues").EnumerateArray());
        Assert.Equal(("outbox", 0, 2), (outbox.GetProperty("queue").GetString(), outbox.GetProperty("messages").GetInt32(), outbox.GetProperty("failed").GetInt32()));
        Assert.Equal("2026-01-31T12:00:05Z", outbox.GetProperty("oldestFailureAt").GetString());
    }

    [Fact]
    public async Task Each_failed_message_is_shown_with_its_reason_and_its_body()
    {
        var (_, body, _) = await api.Get("/v1/queues/outbox?limit=1");
        var message = Assert.Single(body.GetProperty("failed").EnumerateArray());
        Assert.Equal("drover.admission", message.GetProperty("queue").GetString());
        Assert.Equal("LaneChanged", message.GetProperty("type").GetString());
        Assert.Equal("nobody takes it", message.GetProperty("reason").GetString());
        Assert.Equal("one", message.GetProperty("body").GetString());
    }

    [Fact]
    public async Task A_retry_sends_it_and_a_second_one_finds_nothing()
    {
        var id = await IdOfFirst();
        Assert.Equal((1, 1), await Act("retry", $$"""{"ids": ["{{id}}"], "requestedBy": "test"}"""));
        Assert.Equal((0, 1), await Act("retry", $$"""{"ids": ["{{id}}"], "requestedBy": "test"}"""));
    }

    [Fact]
    public async Task All_can_be_dropped_at_once()
    {
        Assert.Equal((2, 0), await Act("drop", """{"all": true}"""));
        Assert.Equal((0, 0), await Act("drop", """{"all": true}"""));
    }

    [Theory]
    [InlineData("outbox", "{}", 400)]
    [InlineData("outbox", """{"all": true, "ids": ["1"]}""", 400)]
    [InlineData("outbox", """{"al": true}""", 400)]
    [InlineData("outbox", "nonsense", 400)]
    [InlineData("drover.migrations", """{"all": true}""", 404)]
    [InlineData("someone-elses", """{"all": true}""", 404)]
    public async Task What_cannot_be_meant_is_refused(string queue, string body, int status)
    {
        foreach (var verb in (string[])["retry", "drop"])
            Assert.Equal((HttpStatusCode)status, (await api.Post($"/v1/queues/{queue}/{verb}", body)).Status);
        Assert.Equal(2, (await api.Get("/v1/queues/outbox")).Body.GetProperty("failed").GetArrayLength());
    }

    [Fact]
    public async Task The_commands_list_show_retry_and_drop()
    {
        string[] server = ["--server", api.Server];
        var list = (await Run.Drover(["queues", .. server])).Out.TrimEnd().Split('\n');
        Assert.Equal(2, list.Length);
        Assert.Matches(@"^outbox +0 +- +2 ", list[1]);

        var shown = (await Run.Drover(["queues", "show", "outbox", .. server])).Out;
        Assert.Contains("LaneChanged to drover.admission\n  nobody takes it\n  one\n", shown, StringComparison.Ordinal);

        var id = await IdOfFirst();
        Assert.Equal((0, "retried 1, 1 failed left in outbox\n"), Brief(await Run.Drover(["queues", "retry", "outbox", id, .. server])));
        Assert.Equal((0, "dropped 1, 0 failed left in outbox\n"), Brief(await Run.Drover(["queues", "drop", "outbox", "--all", "--reason", "old", .. server])));
        Assert.Equal(2, (await Run.Drover(["queues", "drop", "outbox", .. server])).Exit);
        Assert.Equal(4, (await Run.Drover(["queues", "show", "drover.nothing", .. server])).Exit);
    }

    private static (int, string) Brief((int Exit, string Out, string Error) run) => (run.Exit, run.Out);

    private async Task<string> IdOfFirst() => (await api.Get("/v1/queues/outbox")).Body.GetProperty("failed")[0].GetProperty("id").GetString()!;

    private async Task<(int, int)> Act(string verb, string body)
    {
        var (status, answer, _) = await api.Post($"/v1/queues/outbox/{verb}", body);
        Assert.Equal(HttpStatusCode.OK, status);
        return (answer.GetProperty("messages").GetInt32(), answer.GetProperty("left").GetInt32());
    }

    private static OutboxMessage Parked(string body) => new()
    {
        MessageId = Guid.NewGuid(),
        Destination = "exchange:drover.admission",
        Body = Encoding.UTF8.GetBytes(body),
        ContentType = "application/vnd.masstransit+json",
        MessageTypes = "urn:message:Drover.Coordinator.Admission:LaneChanged",
        CreatedAt = Some.Noon.UtcDateTime,
        UndeliverableAt = Some.Noon.UtcDateTime.AddSeconds(5),
        UndeliverableReason = "nobody takes it",
    };
}
