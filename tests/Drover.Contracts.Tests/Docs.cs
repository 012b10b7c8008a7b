using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Drover.Contracts.Tests;

/// <summary>The doc comments of the records, as plain text.</summary>
internal static partial class Docs
{
    private static readonly Dictionary<string, XElement> _summaries = XDocument.Load(Path.ChangeExtension(typeof(RoutingKeys).Assembly.Location, ".xml"))
        .Descendants("member")
        .Where(member => member.Element("summary") is not null)
        .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!);

    public static string Of(Type type) => Text($"T:{type.FullName}");

    public static string Of(PropertyInfo property) => Text($"P:{property.DeclaringType!.FullName}.{property.Name}");

    /// <summary>What each value of an enum says: "tenant: The guest's tenant and operators."</summary>
    public static string OfMembers(Type @enum) => string.Join(' ', Enum.GetNames(@enum).Select(name => $"{OnTheWire(name)}: {Text($"F:{@enum.FullName}.{name}")}"));

    /// <summary>An enum's value as the wire has it: IdReused is written id-reused.</summary>
    public static string OnTheWire(string member) => JsonNamingPolicy.KebabCaseLower.ConvertName(member);

    private static string Text(string id) => Blanks().Replace(string.Concat(_summaries[id].Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        // "P:Drover.Contracts.Migrations.MigrateGuest.MigrationId" is written migrationId.
        XElement { Name.LocalName: "see" } see when see.Attribute("cref")!.Value is var id => id[0] switch
        {
            'P' => JsonNamingPolicy.CamelCase.ConvertName(Last(id)),
            'F' => OnTheWire(Last(id)),
            _ => Last(id),
        },
        XElement element => string.Concat(element.Nodes().Select(Text)),
        _ => "",
    };

    private static string Last(string id) => id[(id.LastIndexOf('.') + 1)..];

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
