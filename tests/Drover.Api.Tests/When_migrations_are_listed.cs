using System.Net;
using System.Text.Json;
using Drover.Store.Migrations;

namespace Drover.Api.Tests;

public sealed class When_migrations_are_listed(ApiUnderTest api) : IClassFixture<ApiUnderTest>, IAsyncLifetime
{
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync() => await api.Sql("DELETE FROM migration; DELETE FROM progress");

    [Fact]
    public async Task The_newest_come_first_with_their_progress()
    {
        var old = Some.Migration("old", "Failed");
        var young = Some.Migration("young", at: Some.Noon.AddMinutes(1));
        await api.Add(old, young, Some.Progress(young));
        var (_, body, _) = await api.Get("/v1/migrations");
        Assert.Equal(["young", "old"], Guests(body));
        var first = body.GetProperty("migrations")[0];
        Assert.Equal("pre-copying", first.GetProperty("state").GetString());
        Assert.Equal(43, first.GetProperty("progress").GetProperty("percent").GetInt32());
        Assert.False(body.TryGetProperty("next", out _));
        Assert.False(body.GetProperty("migrations")[1].TryGetProperty("progress", out _));
    }

    [Fact]
    public async Task Pages_follow_each_other_without_a_gap_or_a_repetition_even_among_equals_and_newcomers()
    {
        // All requested at the same instant: only the id decides.
        var many = Enumerable.Range(0, 25).Select(number => Some.Migration($"g-{number}")).ToList();
        await api.Add([.. many]);
        var seen = new List<string>();
        string? cursor = null;
        var pages = 0;
        do
        {
            var (_, body, _) = await api.Get($"/v1/migrations?limit=10{(cursor is null ? "" : $"&cursor={cursor}")}");
            seen.AddRange(Guests(body));
            cursor = body.TryGetProperty("next", out var next) ? next.GetString() : null;
            await api.Add(Some.Migration($"newcomer-{pages++}", at: Some.Noon.AddHours(1)));
        }
        while (cursor is not null);
        Assert.Equal(3, pages);
        Assert.Equal(many.Select(one => one.Guest).Order(), seen.Order());
    }

    [Theory]
    [InlineData("state=completed", "done")]
    [InlineData("state=pre-copying", "moving")]
    [InlineData("state=unfinished", "moving,waiting")]
    [InlineData("state=ended", "broken,done")]
    [InlineData("host=host-z", "done,waiting")]
    [InlineData("guest=moving", "moving")]
    [InlineData("guest=MOVING", "")]
    [InlineData("host=host-z&state=ended", "done")]
    [InlineData("host=nowhere", "")]
    public async Task Filters_narrow_the_list(string query, string guests)
    {
        await api.Add(
            Some.Migration("moving"), Some.Migration("waiting", "Queued", source: "host-z"), Some.Migration("done", "Completed", destination: "host-z"), Some.Migration("broken", "Failed"));
        var (_, body, _) = await api.Get($"/v1/migrations?{query}");
        Assert.Equal(guests, string.Join(',', Guests(body).Order()));
    }

    [Fact]
    public async Task A_guest_is_found_by_its_UUID_too()
    {
        MigrationSaga wanted = Some.Migration("wanted");
        await api.Add(wanted, Some.Migration("other"));
        Assert.Equal(["wanted"], Guests((await api.Get($"/v1/migrations?guest={wanted.GuestUuid}")).Body));
    }

    [Theory]
    [InlineData("state=running")]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("limit=many")]
    [InlineData("cursor=!")]
    [InlineData("cursor=AAAA")]
    [InlineData("state=PreCopying")]
    public async Task A_wrong_filter_is_told_and_not_passed_over(string query)
    {
        var (status, body, _) = await api.Get($"/v1/migrations?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid-value", body.GetProperty("code").GetString());
    }

    private static IEnumerable<string> Guests(JsonElement list) => list.GetProperty("migrations").EnumerateArray().Select(one => one.GetProperty("guest").GetString()!);
}
