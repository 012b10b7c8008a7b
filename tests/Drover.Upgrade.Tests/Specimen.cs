using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Drover.Upgrade.Tests;

/// <summary>JSON of a message made from its type alone, so that no message can be forgotten.</summary>
internal static class Specimen
{
    /// <summary>Every member filled; or only those that a sender must fill.</summary>
    public static JsonObject Of(Type type, bool full) => new(type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(member => member.SetMethod is not null && (full || MustBeGiven(member)))
        .Select(member => KeyValuePair.Create(JsonNamingPolicy.CamelCase.ConvertName(member.Name), Value(member.PropertyType, full))));

    private static bool MustBeGiven(PropertyInfo member) =>
        member.IsDefined(typeof(RequiredMemberAttribute), inherit: false) || member.IsDefined(typeof(JsonRequiredAttribute), inherit: false);

    private static JsonNode? Value(Type type, bool full) => type switch
    {
        _ when Nullable.GetUnderlyingType(type) is { } inner => Value(inner, full),
        _ when type == typeof(string) => "words",
        _ when type == typeof(bool) => true,
        _ when type == typeof(int) || type == typeof(long) => 7,
        _ when type == typeof(double) || type == typeof(decimal) => 0.5,
        _ when type == typeof(Guid) => "5a1c3f0e-8d5b-4a57-9f6d-2b7f3f8f9a01",
        _ when type == typeof(DateTimeOffset) => "2026-01-31T12:00:00Z",
        _ when type == typeof(TimeSpan) => "PT0.5S",
        _ when type == typeof(JsonElement) => new JsonObject { ["member"] = 7 },
        _ when type == typeof(JsonNode) || type == typeof(JsonObject) || type == typeof(object) => new JsonObject(),
        { IsEnum: true } => JsonNamingPolicy.KebabCaseLower.ConvertName(Enum.GetNames(type)[^1]),
        { IsGenericType: true } when typeof(System.Collections.IDictionary).IsAssignableFrom(type) || type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) =>
            new JsonObject { ["key"] = Value(type.GenericTypeArguments[1], full) },
        { IsGenericType: true } when typeof(System.Collections.IEnumerable).IsAssignableFrom(type) => new JsonArray(Value(type.GenericTypeArguments[0], full)),
        { IsArray: true } => new JsonArray(Value(type.GetElementType()!, full)),
        _ => Of(type, full),
    };
}
