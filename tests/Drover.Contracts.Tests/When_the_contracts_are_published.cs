using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using NJsonSchema;
using YamlDotNet.RepresentationModel;

namespace Drover.Contracts.Tests;

public partial class When_the_contracts_are_published
{
    // Quotes and umlauts in descriptions stay readable; nothing embeds these files in HTML.
    private static readonly JsonSerializerOptions _readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Keys => [.. RoutingKeys.Commands.Values, .. RoutingKeys.Events.Values];

    private static Type TypeOf(string key) => RoutingKeys.Commands.Concat(RoutingKeys.Events).Single(m => m.Value == key).Key;

    private static bool IsCommand(string key) => RoutingKeys.Commands.Values.Contains(key);

    private static object ExampleOf(string key) => Examples.All.Single(example => example.GetType() == TypeOf(key));

    private static JsonObject BodyOf(string key) => JsonSerializer.SerializeToNode(ExampleOf(key), TypeOf(key), ContractsJson.Tolerant)!.AsObject();

    private static string SchemaText(string key) => SchemaOf.Message(TypeOf(key), key, ExampleOf(key)).ToJsonString(_readable) + "\n";

    private static async Task<int> Faults(string key, JsonObject body) =>
        (await JsonSchema.FromJsonAsync(SchemaText(key), TestContext.Current.CancellationToken)).Validate(body.ToJsonString()).Count;

    [Theory]
    [MemberData(nameof(Keys))]
    public void Each_message_has_the_schema_that_is_kept(string key) => Committed.Compare($"schemas/{key}.json", SchemaText(key));

    [Fact]
    public void No_schema_is_kept_without_its_message() =>
        Assert.Empty(Directory.GetFiles(Path.Combine(Committed.Folder, "schemas")).Select(Path.GetFileName).Where(name => !name!.Contains(".received.", StringComparison.Ordinal)).Except(Keys.Select(row => $"{row.Data}.json")));

    [Fact]
    public void The_AsyncAPI_document_is_the_one_that_is_kept() => Committed.Compare("asyncapi.yaml", AsyncApi.Document());

    [Fact]
    public void Every_reference_in_the_AsyncAPI_document_leads_somewhere()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(AsyncApi.Document()));
        var references = yaml.Documents[0].AllNodes.OfType<YamlMappingNode>()
            .SelectMany(map => map.Children).Where(pair => pair.Key.ToString() == "$ref").Select(pair => pair.Value.ToString()).ToList();
        Assert.Equal(4 * Keys.Count - Keys.Count, references.Count);
        foreach (var reference in references)
            Assert.True(reference[0] == '#' ? Leads(yaml.Documents[0].RootNode, reference) : File.Exists(Path.Combine(Committed.Folder, reference)), reference);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task Each_example_fills_every_member_satisfies_its_schema_and_reads_back_the_same(string key)
    {
        var body = BodyOf(key);
        Assert.Equal(0, await Faults(key, body));
        Assert.Equal(TypeOf(key).GetProperties().Length, body.Count);
        var options = IsCommand(key) ? ContractsJson.Strict : ContractsJson.Tolerant;
        var back = body.Deserialize(TypeOf(key), options)!;
        Assert.True(JsonNode.DeepEquals(body, JsonSerializer.SerializeToNode(back, TypeOf(key), options)));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_required_member_cannot_be_left_out_and_the_others_can(string key)
    {
        var required = TypeOf(key).GetProperties().Where(p => p.IsDefined(typeof(RequiredMemberAttribute), inherit: false) || p.IsDefined(typeof(JsonRequiredAttribute), inherit: false))
            .Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name)).ToHashSet();
        if (key == "migrate-guest")
            required.Add("destination");
        Assert.Contains(IsCommand(key) ? key.Contains("host", StringComparison.Ordinal) ? "host" : "migrationId" : "eventId", required);
        foreach (var member in BodyOf(key).Select(m => m.Key))
        {
            var without = BodyOf(key);
            without.Remove(member);
            Assert.Equal(required.Contains(member), await Faults(key, without) > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public async Task A_new_member_is_a_fault_in_a_command_and_none_in_an_event(string key)
    {
        var body = BodyOf(key);
        body["addedLater"] = 1;
        Assert.Equal(IsCommand(key), await Faults(key, body) > 0);
        if (!IsCommand(key))
            Assert.NotNull(body.Deserialize(TypeOf(key), ContractsJson.Tolerant));
    }

    [Fact]
    public void Every_record_of_the_public_conversations_is_a_message_or_a_part_of_one()
    {
        var messages = RoutingKeys.Commands.Keys.Concat(RoutingKeys.Events.Keys).ToList();
        var parts = messages.SelectMany(m => m.GetProperties()).Select(p => Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType);
        var records = typeof(RoutingKeys).Assembly.GetExportedTypes()
            .Where(t => t is { IsSealed: true, IsAbstract: false, IsEnum: false, Namespace: "Drover.Contracts.Migrations" or "Drover.Contracts.Hosts" or "Drover.Contracts.Guests" or "Drover.Contracts.Commands" });
        Assert.Subset(messages.Concat(parts).ToHashSet(), records.ToHashSet());
    }

    [Fact]
    public void A_command_is_called_verb_noun_and_an_event_noun_past()
    {
        string[] states = ["unsure", "struggling", "silent", "back", "confirmed-down", "confirmation-withdrawn", "unreachable", "two-copies", "two-copies-over"];
        foreach (var (type, key) in RoutingKeys.Commands)
        {
            Assert.Matches(Command(), key);
            Assert.False(key.Split('-')[0].EndsWith("ed", StringComparison.Ordinal), key);
            Assert.Equal(type.Name, Pascal(key));
        }
        foreach (var (type, key) in RoutingKeys.Events)
        {
            Assert.Matches(Event(), key);
            Assert.True(key.EndsWith("ed", StringComparison.Ordinal) || states.Contains(key.Split('.')[1]), key);
            Assert.Equal(type.Name, Pascal(key));
        }
    }

    private static string Pascal(string key) => string.Concat(key.Split('-', '.').Select(word => char.ToUpperInvariant(word[0]) + word[1..]));

    private static bool Leads(YamlNode root, string reference) =>
        reference[2..].Split('/').Aggregate((YamlNode?)root, (node, step) => node is YamlMappingNode map && map.Children.TryGetValue(step, out var next) ? next : null) is not null;

    [GeneratedRegex("^[a-z]+(-[a-z]+)+$")]
    private static partial Regex Command();

    [GeneratedRegex(@"^[a-z]+\.[a-z]+(-[a-z]+)*$")]
    private static partial Regex Event();
}
