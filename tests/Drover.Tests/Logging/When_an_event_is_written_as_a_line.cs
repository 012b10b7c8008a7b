using Drover.Logging;
using Serilog.Events;
using Serilog.Parsing;

namespace Drover.Tests.Logging;

public sealed class When_an_event_is_written_as_a_line
{
    [Fact]
    public void It_names_time_level_source_message_and_migration()
    {
        LogEventProperty[] properties =
        [
            new("SourceContext", new ScalarValue("Drover.Api")), new("MigrationId", new ScalarValue(Guid.Empty)), new("Command", new ScalarValue("migrate-guest")),
        ];
        Assert.Equal(
            $"12:00:01.250 INF Drover.Api migrate-guest accepted [{Guid.Empty}]{Environment.NewLine}", Line("{Command} accepted", properties));
    }

    [Fact]
    public void What_the_agent_of_one_host_among_several_says_names_the_host() =>
        Assert.Equal($"12:00:01.250 INF Drover libvirt answers again [host-a]{Environment.NewLine}", Line("libvirt answers again", [new("Host", new ScalarValue("host-a"))]));

    [Fact]
    public void It_is_one_line_whatever_the_message_holds() =>
        Assert.Equal($"12:00:01.250 INF Drover a b{Environment.NewLine}", Line("{Text}", [new("Text", new ScalarValue("a\nb"))]));

    private static string Line(string template, LogEventProperty[] properties)
    {
        using var output = new StringWriter();
        new LineFormatter().Format(
            new LogEvent(new DateTimeOffset(2026, 1, 31, 13, 0, 1, 250, TimeSpan.FromHours(1)), LogEventLevel.Information, null, new MessageTemplateParser().Parse(template), properties), output);
        return output.ToString();
    }
}
