using YamlDotNet.Serialization;
using Map = System.Collections.Generic.Dictionary<string, object>;

namespace Drover.Contracts.Tests;

/// <summary>The AsyncAPI document of the public wire.</summary>
internal static class AsyncApi
{
    public static string Document() => new SerializerBuilder().WithIndentedSequences().Build().Serialize(new Map
    {
        ["asyncapi"] = "3.0.0",
        ["info"] = new Map
        {
            ["title"] = "Drover",
            ["version"] = "1.0.0",
            ["description"] = "Live migration of libvirt/KVM guests by messages. Bodies are plain JSON: camelCase, enums in kebab case, instants ISO-8601 in UTC, durations ISO-8601, "
                + "absent rather than null. Commands are read strictly and answered by events; events may gain members. Send commands with publisher confirms and \"mandatory\", "
                + "and with a message-id: the same id with the same body is the same command.",
            ["license"] = new Map { ["name"] = "Apache-2.0", ["url"] = "https://www.apache.org/licenses/LICENSE-2.0" },
        },
        ["defaultContentType"] = "application/json",
        ["channels"] = All().ToDictionary(m => m.Key, m => (object)Channel(m)),
        ["operations"] = All().ToDictionary(m => m.Key, m => (object)new Map { ["action"] = m.Command ? "receive" : "send", ["channel"] = Ref($"#/channels/{m.Key}") }),
        ["components"] = new Map { ["messages"] = All().ToDictionary(m => m.Type.Name, m => (object)Message(m)) },
    });

    private static IEnumerable<(Type Type, string Key, bool Command)> All() =>
        [.. RoutingKeys.Commands.Select(m => (m.Key, m.Value, true)), .. RoutingKeys.Events.Select(m => (m.Key, m.Value, false))];

    private static Map Channel((Type Type, string Key, bool Command) m) => new()
    {
        ["address"] = m.Key,
        ["description"] = m.Command
            ? $"Routing key {m.Key} of the direct exchange {RoutingKeys.CommandsExchange} (durable; alternate-exchange drover.unknown-command)."
            : $"Routing key {m.Key} of the topic exchange {RoutingKeys.EventsExchange} (durable). The message-id is the event's eventId.",
        ["messages"] = new Map { [m.Type.Name] = Ref($"#/components/messages/{m.Type.Name}") },
        ["bindings"] = new Map
        {
            ["amqp"] = new Map
            {
                ["is"] = "routingKey",
                ["exchange"] = new Map
                {
                    ["name"] = m.Command ? RoutingKeys.CommandsExchange : RoutingKeys.EventsExchange,
                    ["type"] = m.Command ? "direct" : "topic",
                    ["durable"] = true,
                    ["autoDelete"] = false,
                },
                ["bindingVersion"] = "0.3.0",
            },
        },
    };

    private static Map Message((Type Type, string Key, bool Command) m) => new()
    {
        ["name"] = m.Key,
        ["title"] = m.Type.Name,
        ["summary"] = Docs.Of(m.Type),
        ["contentType"] = "application/json",
        ["payload"] = Ref($"./schemas/{m.Key}.json"),
    };

    private static Map Ref(string target) => new() { ["$ref"] = target };
}
