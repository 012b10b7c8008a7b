using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Drover.Contracts;
using Drover.Coordinator.Migrations;

[assembly: AssemblyFixture(typeof(Drover.Upgrade.Tests.PreviousVersion))]

namespace Drover.Upgrade.Tests;

/// <summary>
/// While a deploy is under way, a message may be written by one version and read by the other. Every record of the contracts and of the coordinator's own queues
/// is written by each and read by the other's own code; what both know must arrive unchanged.
/// </summary>
public class When_two_versions_speak_to_each_other(PreviousVersion previous)
{
    [Theory]
    [InlineData("Drover.Contracts")]
    [InlineData("Drover.Coordinator")]
    public void Today_s_reads_whatever_the_previous_writes(string assembly) => Assert.All(Messages(previous.Assembly(assembly)), before =>
    {
        var today = Assert.IsType<Type>(Today(assembly).GetType(before.FullName!), exactMatch: false);
        Understands(reader: today, Options(Today("Drover.Contracts"), IsCommand(before) ? "Strict" : "Tolerant"), writer: before, Options(previous.Assembly("Drover.Contracts"), "Tolerant"));
    });

    // Commands are not among them: coordinators are upgraded before those who send commands to them.
    [Theory]
    [InlineData("Drover.Contracts")]
    [InlineData("Drover.Coordinator")]
    public void The_previous_reads_whatever_today_s_writes(string assembly) =>
        Assert.All(Messages(previous.Assembly(assembly)).Where(before => !IsCommand(before) && Today(assembly).GetType(before.FullName!) is not null), before =>
            Understands(before, Options(previous.Assembly("Drover.Contracts"), "Tolerant"), Today(assembly).GetType(before.FullName!)!, Options(Today("Drover.Contracts"), "Tolerant")));

    [Fact]
    public void There_are_messages_to_compare()
    {
        Assert.Contains(Messages(previous.Assembly("Drover.Contracts")), type => type.Name == "BeginTransfer");
        Assert.Contains(Messages(previous.Assembly("Drover.Coordinator")), type => type.Name == nameof(RequestMigration));
    }

    private static Assembly Today(string name) => name == "Drover.Contracts" ? typeof(RoutingKeys).Assembly : typeof(RequestMigration).Assembly;

    /// <summary>The public records: the contracts have nothing else, and of the coordinator's own parts only messages are public records.</summary>
    private static IEnumerable<Type> Messages(Assembly assembly) =>
        assembly.GetExportedTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.GetMethod("<Clone>$") is not null && type.GetConstructor([]) is not null);

    private static bool IsCommand(Type type) => RoutingKeys.Commands.Keys.Any(command => command.FullName == type.FullName);

    private static JsonSerializerOptions Options(Assembly contracts, string strictness) =>
        (JsonSerializerOptions)contracts.GetType(typeof(ContractsJson).FullName!)!.GetProperty(strictness)!.GetValue(null)!;

    private static void Understands(Type reader, JsonSerializerOptions reads, Type writer, JsonSerializerOptions writes)
    {
        foreach (var full in (bool[])[true, false])
        {
            var written = JsonSerializer.Serialize(JsonSerializer.Deserialize(Specimen.Of(writer, full), writer, writes), writer, writes);
            var read = JsonSerializer.SerializeToNode(JsonSerializer.Deserialize(written, reader, reads), reader, reads)!.AsObject();
            foreach (var (member, value) in JsonNode.Parse(written)!.AsObject().Where(member => read.ContainsKey(member.Key) && member.Value is not JsonObject and not JsonArray))
                Assert.True(JsonNode.DeepEquals(value, read[member]) || IsNewWord(reader, member), $"{reader.Name}.{member} was written {value} and read {read[member]}");
            foreach (var member in Specimen.Of(reader, full: true).Select(pair => pair.Key).Where(JsonNode.Parse(written)!.AsObject().ContainsKey))
                Assert.True(read.ContainsKey(member), $"{reader.Name}.{member} was lost");
        }
    }

    // A word that the reader does not know is read as "none of mine": so events and answers may gain words.
    private static bool IsNewWord(Type reader, string member) =>
        reader.GetProperties().Single(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name) == member).PropertyType is var type
        && (Nullable.GetUnderlyingType(type) ?? type).IsEnum;
}
