using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Drover.Contracts.Migrations;

namespace Drover.Contracts.Tests;

/// <summary>The JSON schema of a public message, from its record.</summary>
internal static class SchemaOf
{
    private const string HostName = "^[A-Za-z0-9._-]{1,253}$";

    // What a type alone does not say of a command's values. Drover.Bus checks the same when it reads; a test there compares the two.
    private static readonly Dictionary<(Type, string), JsonObject> _limits = new()
    {
        [(typeof(MigrateGuest), nameof(MigrateGuest.Guest))] = new() { ["minLength"] = 1, ["maxLength"] = 255, ["pattern"] = @"^[^/\u0000-\u001f\u007f-\u009f]*$" },
        [(typeof(MigrateGuest), nameof(MigrateGuest.Source))] = new() { ["pattern"] = HostName },
        [(typeof(MigrateGuest), nameof(MigrateGuest.Destination))] = new() { ["pattern"] = HostName },
        [(typeof(MigrateGuest), nameof(MigrateGuest.Priority))] = new() { ["minimum"] = 0, ["maximum"] = 9 },
        [(typeof(MigrateGuest), nameof(MigrateGuest.RequestedBy))] = new() { ["maxLength"] = 200 },
        [(typeof(MigrateGuest), nameof(MigrateGuest.Reason))] = new() { ["maxLength"] = 500 },
        [(typeof(MigrateGuest), nameof(MigrateGuest.Tenant))] = new() { ["maxLength"] = 200 },
        [(typeof(TuningOverrides), nameof(TuningOverrides.BandwidthBytesPerSecond))] = new() { ["minimum"] = 1 << 20 },
        [(typeof(CancelMigration), nameof(CancelMigration.RequestedBy))] = new() { ["maxLength"] = 200 },
        [(typeof(CancelMigration), nameof(CancelMigration.Reason))] = new() { ["maxLength"] = 500 },
    };

    private static readonly JsonSerializerOptions _json = new(ContractsJson.Tolerant) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    public static JsonObject Message(Type type, string routingKey, object example)
    {
        var strict = RoutingKeys.Commands.ContainsKey(type);
        var schema = (JsonObject)_json.GetJsonSchemaAsNode(type, new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Refine(context, node, strict),
        });
        if (type == typeof(MigrateGuest))
            schema["required"]!.AsArray().Add("destination"); // Optional in the record, for the version that will place guests; required by this one.
        var message = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["$id"] = $"urn:drover:schema:{routingKey}",
            ["title"] = type.Name,
            ["description"] = Docs.Of(type),
        };
        foreach (var (name, value) in schema.Where(part => part.Key != "description"))
            message[name] = value?.DeepClone();
        if (message["properties"]?["event"] is JsonObject itself)
            itself["const"] = routingKey;
        message["examples"] = new JsonArray(JsonSerializer.SerializeToNode(example, type, _json));
        return message;
    }

    private static JsonObject Refine(JsonSchemaExporterContext context, JsonNode node, bool strict)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var refined = new JsonObject();
        if (context.PropertyInfo?.AttributeProvider is PropertyInfo property)
            refined["description"] = type.IsEnum ? $"{Docs.Of(property)} {Docs.OfMembers(type)}" : Docs.Of(property);
        foreach (var (name, value) in KindOf(type) ?? (JsonObject)WithoutNull(node))
            refined[name] = value?.DeepClone();
        if (strict && context.TypeInfo.Kind == JsonTypeInfoKind.Object)
            refined["additionalProperties"] = false;
        if (context.PropertyInfo is { } member && _limits.TryGetValue((member.DeclaringType, ((PropertyInfo)member.AttributeProvider!).Name), out var limits))
        {
            foreach (var (name, value) in limits)
                refined[name] = value?.DeepClone();
        }
        return refined;
    }

    private static JsonObject? KindOf(Type type) => type switch
    {
        _ when type == typeof(Guid) => Text("uuid"),
        _ when type == typeof(DateTimeOffset) => Text("date-time"),
        _ when type == typeof(TimeSpan) => Text("duration"),
        { IsEnum: true } => new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(Docs.OnTheWire).Select(name => (JsonNode)name)]) },
        _ => null,
    };

    private static JsonObject Text(string format) => new() { ["type"] = "string", ["format"] = format };

    /// <summary>On this wire a value that is not there is absent, not null.</summary>
    private static JsonNode WithoutNull(JsonNode node)
    {
        if (node["type"] is JsonArray types)
            node["type"] = types.First(type => type!.GetValue<string>() != "null")!.DeepClone();
        return node;
    }
}
