using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Drover.Contracts;
using Drover.Contracts.Commands;

namespace Drover.Bus;

/// <summary>Compares a JSON object with the members of a record: names, repetition, absence, kinds of values.</summary>
internal static class CommandShape
{
    // Members are looked up before anything was deserialised, which is when the serializer would choose its resolver itself.
    private static readonly JsonSerializerOptions _strict = new(ContractsJson.Strict) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    public static CommandFault? Check(Type type, JsonElement json, string path = "")
    {
        var members = _strict.GetTypeInfo(type).Properties;
        var seen = new HashSet<string>();
        foreach (var given in json.EnumerateObject())
        {
            var name = TextOf(() => given.Name) ?? "?";
            var member = members.FirstOrDefault(m => m.Name == name);
            if (member is null)
                return new(RejectionCode.UnknownMember, $"There is no member {CommandFault.Quote(path + name)}; {Instead(name, members)}");
            if (!seen.Add(name))
                return new(RejectionCode.InvalidValue, $"The member \"{path}{name}\" is given twice; give it once.");
            if (CheckValue(member, given.Value, path + name) is { } fault)
                return fault;
        }
        var missing = members.FirstOrDefault(m => m.IsRequired && !seen.Contains(m.Name));
        return missing is null ? null : new(RejectionCode.MissingMember, $"The member \"{path}{missing.Name}\" is missing; it must be {KindOf(missing.PropertyType)}.");
    }

    private static CommandFault? CheckValue(JsonPropertyInfo member, JsonElement value, string path)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        if (value.ValueKind == JsonValueKind.Null)
            return member.IsRequired ? new(RejectionCode.MissingMember, $"The member \"{path}\" is null; it must be {KindOf(type)}.") : null;
        if (_strict.GetTypeInfo(type).Kind == JsonTypeInfoKind.Object && value.ValueKind == JsonValueKind.Object)
            return Check(type, value, path + ".");
        return CanBe(type, value) ? null : new(RejectionCode.InvalidValue, $"The member \"{path}\" must be {KindOf(type)}.");
    }

    private static bool CanBe(Type type, JsonElement value)
    {
        try
        {
            // The serializer would take "Tenant" and " tenant" for "tenant"; the schema does not.
            return value.Deserialize(type, _strict) is { } read && (!type.IsEnum || JsonElement.DeepEquals(value, JsonSerializer.SerializeToElement(read, type, _strict)));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escaped half of a surrogate pair, which no text can hold.
            return false;
        }
    }

    private static string? TextOf(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string KindOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(Guid) => "a UUID such as \"7d0a8a1e-3c5f-4f0e-9a53-2f1f6f0c9b11\"",
        var t when t == typeof(string) => "a string",
        var t when t == typeof(int) || t == typeof(long) => "a whole number",
        var t when t == typeof(TimeSpan) => "an ISO-8601 duration such as \"PT0.5S\"",
        var t when t == typeof(DateTimeOffset) => "an ISO-8601 instant such as \"2026-01-31T20:30:00Z\"",
        { IsEnum: true } t => "one of " + string.Join(", ", Enum.GetValuesAsUnderlyingType(t).Cast<object>().Select(v => JsonSerializer.Serialize(Enum.ToObject(t, v), t, _strict))),
        _ => "an object",
    };

    private static string Instead(string name, IList<JsonPropertyInfo> members)
    {
        var nearest = members.MinBy(m => Distance(m.Name, name))!.Name;
        return name.Length <= 40 && Distance(nearest, name) <= Math.Max(2, nearest.Length / 3)
            ? $"did you mean \"{nearest}\"?"
            : $"the members are {string.Join(", ", members.Select(m => m.Name))}.";
    }

    /// <summary>Levenshtein's distance, capitals not counted: "MigratonID" is 1 from "migrationId".</summary>
    private static int Distance(string a, string b)
    {
        if (b.Length > 40)
            return int.MaxValue;
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(diagonal + cost, 1 + Math.Min(row[j - 1], row[j])));
            }
        }
        return row[b.Length];
    }
}
