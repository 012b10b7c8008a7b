using Drover.Client;

namespace Drover.Api.Tests.Cli;

public class When_a_time_is_typed
{
    private static readonly DateTimeOffset Now = new(2026, 1, 31, 20, 15, 0, TimeSpan.FromHours(1));

    [Theory]
    [InlineData("20:30", "2026-01-31T20:30:00+01:00")]
    [InlineData("20:30:15", "2026-01-31T20:30:15+01:00")]
    [InlineData("20:15", "2026-02-01T20:15:00+01:00")]
    [InlineData("8:05", "2026-02-01T08:05:00+01:00")]
    [InlineData("PT30M", "2026-01-31T20:45:00+01:00")]
    [InlineData("P1DT1H", "2026-02-01T21:15:00+01:00")]
    [InlineData("90s", "2026-01-31T20:16:30+01:00")]
    [InlineData("8h", "2026-02-01T04:15:00+01:00")]
    [InlineData("2026-03-01T12:00Z", "2026-03-01T12:00:00+00:00")]
    [InlineData("2026-03-01T12:00:30+02:00", "2026-03-01T12:00:30+02:00")]
    public void Each_form_is_understood(string text, string instant) => Assert.Equal(DateTimeOffset.Parse(instant), Moment.Parse(text, Now));

    [Theory]
    [InlineData("")]
    [InlineData("tonight")]
    [InlineData("25:00")]
    [InlineData("20")]
    [InlineData("PT")]
    [InlineData("P99999999Y")]
    [InlineData("2026-01-31")]
    [InlineData("2026-13-01T00:00Z")]
    public void What_is_no_time_is_none(string text) => Assert.Null(Moment.Parse(text, Now));
}
