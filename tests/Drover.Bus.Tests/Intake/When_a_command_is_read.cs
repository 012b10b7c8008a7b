using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Drover.Contracts;
using Drover.Contracts.Commands;
using Drover.Contracts.Migrations;
using NJsonSchema;

namespace Drover.Bus.Tests.Intake;

public class When_a_command_is_read
{
    private static readonly Guid _id = Guid.Parse("7d0a8a1e-3c5f-4f0e-9a53-2f1f6f0c9b11");
    private const string Good = """{"migrationId":"7d0a8a1e-3c5f-4f0e-9a53-2f1f6f0c9b11","guest":"web-1","destination":"host-b"}""";

    [Fact]
    public void A_full_body_is_the_command_that_was_written()
    {
        var command = Some.MigrateGuest();
        var read = CommandReader.Read<MigrateGuest>(Wire.Command(command).Body);
        Assert.Equal(command, Assert.IsType<CommandRead<MigrateGuest>.Ok>(read).Command);
    }

    [Fact]
    public void The_least_body_is_enough()
    {
        Assert.IsType<CommandRead<MigrateGuest>.Ok>(CommandReader.Read<MigrateGuest>(Encoding.UTF8.GetBytes(Good)));
        Assert.IsType<CommandRead<CancelMigration>.Ok>(CommandReader.Read<CancelMigration>(JsonSerializer.SerializeToUtf8Bytes(new CancelMigration { MigrationId = _id }, ContractsJson.Tolerant)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("migrate web-1 please")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("""{"migrationId":"7d0a8a1e-3c5f-4f0e-9a53-2f1f6f0c9b11","guest":"web-1",}""")]
    [InlineData("""{"migrationId":"7d0a8a1e-3c5f-4f0e-9a53-2f1f6f0c9b11"} {}""")]
    [InlineData("""<migrate/>""")]
    public void What_is_no_JSON_object_is_rejected_as_such(string body) =>
        Assert.Equal(RejectionCode.NotJson, Reject(body).Code);

    [Fact]
    public void Bytes_that_are_no_UTF8_are_rejected_as_no_JSON() =>
        Assert.Equal(RejectionCode.NotJson, Reject([.. "{\"guest\":\""u8, 0xC3, 0x28, .. "\"}"u8]).Code);

    public static TheoryData<string, string, RejectionCode, string> Faults => new()
    {
        { "guset", "\"x\"", RejectionCode.UnknownMember, "did you mean \"guest\"?" },
        { "MigrationID", "1", RejectionCode.UnknownMember, "did you mean \"migrationId\"?" },
        { "colour", "1", RejectionCode.UnknownMember, "the members are migrationId, guest, source" },
        { "overrides", """{"maxDownTime":"PT1S"}""", RejectionCode.UnknownMember, "\"overrides.maxDownTime\"; did you mean \"maxDowntime\"?" },
        { "migrationId", "null", RejectionCode.MissingMember, "must be a UUID" },
        { "guest", "null", RejectionCode.MissingMember, "must be a string" },
        { "destination", "null", RejectionCode.MissingMember, "destination" },
        { "migrationId", "\"web-1\"", RejectionCode.InvalidValue, "must be a UUID" },
        { "migrationId", "\"00000000-0000-0000-0000-000000000000\"", RejectionCode.InvalidValue, "all zeros" },
        { "guest", "7", RejectionCode.InvalidValue, "must be a string" },
        { "guest", "{\"name\":\"web-1\"}", RejectionCode.InvalidValue, "must be a string" },
        { "guest", "\"\\ud800\"", RejectionCode.InvalidValue, "must be a string" },
        { "priority", "\"5\"", RejectionCode.InvalidValue, "must be a whole number" },
        { "priority", "5.5", RejectionCode.InvalidValue, "must be a whole number" },
        { "priority", "1e400", RejectionCode.InvalidValue, "must be a whole number" },
        { "priority", "99999999999999999999999999999999999", RejectionCode.InvalidValue, "must be a whole number" },
        { "deadline", "\"tonight\"", RejectionCode.InvalidValue, "must be an ISO-8601 instant" },
        { "deadline", "1769889600", RejectionCode.InvalidValue, "must be an ISO-8601 instant" },
        { "onDeadline", "\"explode\"", RejectionCode.InvalidValue, "must be one of \"report\", \"force\", \"cancel\"" },
        { "priority", "-1", RejectionCode.InvalidValue, "from 0 to 9" },
        { "priority", "10", RejectionCode.InvalidValue, "from 0 to 9" },
        { "visibility", "\"public\"", RejectionCode.InvalidValue, "one of \"tenant\", \"operator\"" },
        { "visibility", "\"Tenant\"", RejectionCode.InvalidValue, "one of \"tenant\", \"operator\"" },
        { "visibility", "\" tenant\"", RejectionCode.InvalidValue, "one of \"tenant\", \"operator\"" },
        { "visibility", "1", RejectionCode.InvalidValue, "one of \"tenant\", \"operator\"" },
        { "overrides", "[]", RejectionCode.InvalidValue, "must be an object" },
        { "overrides", """{"maxDowntime":"500ms"}""", RejectionCode.InvalidValue, "\"overrides.maxDowntime\" must be an ISO-8601 duration" },
        { "overrides", """{"maxDowntime":500}""", RejectionCode.InvalidValue, "must be an ISO-8601 duration" },
        { "overrides", """{"maxDowntime":"PT0.0009S"}""", RejectionCode.InvalidValue, "from 1 ms" },
        { "overrides", """{"maxDowntime":"-PT1S"}""", RejectionCode.InvalidValue, "from 1 ms" },
        { "overrides", """{"maxDowntime":"PT2000.001S"}""", RejectionCode.InvalidValue, "to 2000 s" },
        { "overrides", """{"maxDowntime":"P9999999999Y"}""", RejectionCode.InvalidValue, "must be an ISO-8601 duration" },
        { "overrides", """{"bandwidthBytesPerSecond":1048575}""", RejectionCode.InvalidValue, "at least 1048576" },
        { "overrides", """{"bandwidthBytesPerSecond":-1}""", RejectionCode.InvalidValue, "at least 1048576" },
        { "requestedBy", Text(201), RejectionCode.InvalidValue, "at most 200 characters" },
        { "reason", Text(501), RejectionCode.InvalidValue, "at most 500 characters" },
        { "tenant", Text(201), RejectionCode.InvalidValue, "at most 200 characters" },
        { "reason", "\"a\\u0000b\"", RejectionCode.InvalidValue, "U+0000" },
        { "guest", "\"\"", RejectionCode.InvalidName, "no guest's name" },
        { "guest", "\"  \"", RejectionCode.InvalidName, "no guest's name" },
        { "guest", "\"a/b\"", RejectionCode.InvalidName, "no guest's name" },
        { "guest", "\"a\\nb\"", RejectionCode.InvalidName, "no guest's name" },
        { "guest", "\"a\\u0007b\"", RejectionCode.InvalidName, "no guest's name" },
        { "guest", "\"a\\u0000\"", RejectionCode.InvalidName, "no guest's name" },
        { "guest", Text(256), RejectionCode.InvalidName, "no guest's name" },
        { "guest", Text(128, 'ä'), RejectionCode.InvalidName, "no guest's name" },
        { "destination", "\"\"", RejectionCode.InvalidName, "no host's name" },
        { "destination", "\"host b\"", RejectionCode.InvalidName, "no host's name" },
        { "destination", "\"host-b\\n\"", RejectionCode.InvalidName, "no host's name" },
        { "destination", "\"#\"", RejectionCode.InvalidName, "no host's name" },
        { "destination", Text(254), RejectionCode.InvalidName, "no host's name" },
        { "source", "\"qemu+tcp://host\"", RejectionCode.InvalidName, "no host's name" },
        { "source", "\"host-b\"", RejectionCode.SameHost, "another destination" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Each_fault_has_its_code_and_says_what_would_be_right(string member, string value, RejectionCode code, string says)
    {
        var rejected = Reject(With(member, value));
        Assert.Equal(code, rejected.Code);
        Assert.Contains(says, rejected.Message, StringComparison.Ordinal);
        if (member != "migrationId")
            Assert.Equal(_id, rejected.MigrationId);
    }

    // What these keywords cannot say, by the words of the rejection...
    private static readonly string[] _beyondSchemas = ["from 1 ms", "to 2000 s", "all zeros", "U+0000", "another destination"];

    // ...and by value: blanks, bytes instead of characters, and what this validator leaves out or trips over (durations, vast numbers, a line break at a pattern's end).
    private static readonly string[] _beyondTheValidator =
        ["\"  \"", Text(128, 'ä'), "1e400", "99999999999999999999999999999999999", "\"\\ud800\"", "\"host-b\\n\"", """{"maxDowntime":"500ms"}""", """{"maxDowntime":"P9999999999Y"}"""];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task The_published_schema_refuses_it_too(string member, string value, RejectionCode code, string says)
    {
        if (_beyondSchemas.Contains(says) || _beyondTheValidator.Contains(value))
            return;
        var schema = await JsonSchema.FromFileAsync(Path.Combine(AppContext.BaseDirectory, "schemas/migrate-guest.json"), TestContext.Current.CancellationToken);
        Assert.True(schema.Validate(With(member, value)).Count > 0, $"{code}");
    }

    [Theory]
    [InlineData("priority", "0")]
    [InlineData("priority", "9")]
    [InlineData("overrides", """{"maxDowntime":"PT0.001S","bandwidthBytesPerSecond":1048576}""")]
    [InlineData("overrides", """{"maxDowntime":"PT2000S","bandwidthBytesPerSecond":9223372036854775807}""")]
    [InlineData("guest", "\"Ubuntu 24.04 (ä) 日本\"")]
    [InlineData("notBefore", "\"2020-01-31T20:30:00+01:00\"")]
    [InlineData("deadline", "\"2020-01-31T20:30:00Z\"")]
    [InlineData("visibility", "\"operator\"")]
    [InlineData("reason", "null")]
    public void The_ends_of_each_range_belong_to_it(string member, string value) =>
        Assert.IsType<CommandRead<MigrateGuest>.Ok>(CommandReader.Read<MigrateGuest>(Encoding.UTF8.GetBytes(With(member, value))));

    [Fact]
    public void The_longest_texts_are_taken_and_counted_in_characters()
    {
        foreach (var (member, length) in new[] { ("requestedBy", 200), ("reason", 500), ("tenant", 200) })
            Assert.IsType<CommandRead<MigrateGuest>.Ok>(CommandReader.Read<MigrateGuest>(Encoding.UTF8.GetBytes(With(member, JsonSerializer.Serialize(string.Concat(Enumerable.Repeat("🐑", length)))))));
        Assert.IsType<CommandRead<MigrateGuest>.Ok>(CommandReader.Read<MigrateGuest>(Encoding.UTF8.GetBytes(With("guest", Text(255)))));
        Assert.IsType<CommandRead<MigrateGuest>.Ok>(CommandReader.Read<MigrateGuest>(Encoding.UTF8.GetBytes(With("destination", Text(253)))));
    }

    [Fact]
    public void A_member_given_twice_is_rejected()
    {
        var rejected = Reject(Good.Replace("\"guest\"", "\"guest\":\"web-2\",\"guest\"", StringComparison.Ordinal));
        Assert.Equal(RejectionCode.InvalidValue, rejected.Code);
        Assert.Contains("twice", rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_member_is_named()
    {
        var rejected = Reject("""{"migrationId":"7d0a8a1e-3c5f-4f0e-9a53-2f1f6f0c9b11","destination":"host-b"}""");
        Assert.Equal(RejectionCode.MissingMember, rejected.Code);
        Assert.Contains("\"guest\" is missing", rejected.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_megabytes_are_rejected_at_once_and_still_name_their_migration()
    {
        var body = Encoding.UTF8.GetBytes(Good.Replace("web-1", new string('x', 10_000_000), StringComparison.Ordinal));
        var rejected = Reject(body);
        Assert.Equal(RejectionCode.BodyTooLarge, rejected.Code);
        Assert.Equal(_id, rejected.MigrationId);
        Assert.True(rejected.Message.Length < 200);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(1_000)]
    [InlineData(30_000)]
    public void Deep_nesting_is_a_wrong_value_and_no_crash(int depth)
    {
        var nested = new string('[', depth) + new string(']', depth);
        Assert.Equal(RejectionCode.InvalidValue, Reject(With("reason", nested)).Code);
        Assert.Equal(RejectionCode.UnknownMember, Reject(With("nest", nested)).Code);
        Assert.Equal(RejectionCode.NotJson, Reject(nested).Code);
    }

    [Fact]
    public void A_broken_body_still_names_its_migration() =>
        Assert.Equal(_id, Reject(Good[..60]).MigrationId);

    [Fact]
    public void A_rejection_echoes_little_and_nothing_that_breaks_a_line()
    {
        var hostile = Reject(With("guest", JsonSerializer.Serialize("\u001b[31m\n\u202e/" + new string('x', 5_000))));
        Assert.True(hostile.Message.Length < 250, hostile.Message);
        Assert.DoesNotContain(hostile.Message, c => char.IsControl(c) || c == '\u202e');
        Assert.True(Reject(With(new string('m', 60_000), "1")).Message.Length < 250);
    }

    private static string Text(int length, char c = 'x') => $"\"{new string(c, length)}\"";

    private static string With(string member, string value)
    {
        var body = JsonNode.Parse(Good)!.AsObject();
        body.Remove(member);
        var text = body.ToJsonString();
        return $"{text[..^1]},{JsonSerializer.Serialize(member)}:{value}}}";
    }

    private static CommandRead<MigrateGuest>.Rejected Reject(string body) => Reject(Encoding.UTF8.GetBytes(body));

    private static CommandRead<MigrateGuest>.Rejected Reject(byte[] body) =>
        Assert.IsType<CommandRead<MigrateGuest>.Rejected>(CommandReader.Read<MigrateGuest>(body));
}
