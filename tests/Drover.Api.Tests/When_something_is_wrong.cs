using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Drover.Api.Tests;

public sealed class When_something_is_wrong(ApiUnderTest api) : IClassFixture<ApiUnderTest>
{
    [Theory]
    [InlineData("GET", "/v1/nothing", 404, "unknown-route")]
    [InlineData("DELETE", "/v1/migrations", 405, "method-not-allowed")]
    public async Task Every_error_is_problem_details_with_a_code(string method, string path, int status, string code)
    {
        var (answered, body, response) = await api.Send(new HttpMethod(method), path);
        Assert.Equal(status, (int)answered);
        Assert.Equal(code, body.GetProperty("code").GetString());
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_database_that_fails_is_503_and_readiness_says_so_while_the_process_lives()
    {
        await using var own = new ApiUnderTest();
        await own.InitializeAsync();
        Assert.Equal(HttpStatusCode.OK, (await own.Get("/health/ready")).Status);

        await own.Sql("DROP TABLE schema_history; DROP TABLE migration");
        var (status, body, _) = await own.Get("/v1/migrations");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal("database-away", body.GetProperty("code").GetString());
        var (ready, why, _) = await own.Get("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready);
        Assert.Contains("schema apply", why.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await own.Get("/health/live")).Status);
    }

    [Fact]
    public async Task A_bus_that_has_stopped_is_named_by_readiness_and_commands_are_still_kept()
    {
        await using var own = new ApiUnderTest();
        await own.InitializeAsync();
        await ((MassTransit.IBusControl)own.Services.GetService(typeof(MassTransit.IBusControl))!).StopAsync(TestContext.Current.CancellationToken);
        var (ready, why, _) = await own.Get("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready);
        Assert.Contains("bus", why.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, (await own.Post("/v1/migrations", """{"guest":"web-1","destination":"host-b"}""")).Status);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8480", false, true)]
    [InlineData("http://localhost:8480", false, true)]
    [InlineData("http://[::1]:8480", false, true)]
    [InlineData("http://0.0.0.0:8480", false, false)]
    [InlineData("http://*:8480", false, false)]
    [InlineData("http://+:8480", false, false)]
    [InlineData("http://192.0.2.1:8480", false, false)]
    [InlineData("http://localhost.example:8480", false, false)]
    [InlineData("http://0.0.0.0:8480", true, true)]
    [InlineData("https://127.0.0.1:8480", false, false)]
    [InlineData("8480", true, false)]
    public void It_listens_where_other_machines_reach_it_only_when_that_is_said(string listen, bool allow, bool good)
    {
        var options = new ApiOptions { Listen = listen, AllowUnauthenticatedRemote = allow };
        Assert.Equal(good, !options.Validate(new ValidationContext(options)).Any());
    }
}
