using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Xml;

namespace Drover.Contracts;

/// <summary>
/// How Drover's public messages and HTTP bodies are written: camelCase, enums as kebab-case strings, instants in ISO-8601 UTC,
/// durations as ISO-8601 (<c>PT0.5S</c>), absent rather than null.
/// </summary>
public static class ContractsJson
{
    /// <summary>
    /// For events and HTTP answers: what is not known is passed over, so that a newer sender does no harm. An enum's word that this version does not know is
    /// read as the enum's zero, which no word means.
    /// </summary>
    public static JsonSerializerOptions Tolerant { get; } = Configure(new JsonSerializerOptions { Converters = { new TolerantWords() } });

    /// <summary>For commands: an unknown or repeated member, a number in quotes, or an enum as a number is an error.</summary>
    public static JsonSerializerOptions Strict { get; } = Configure(new JsonSerializerOptions
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        MaxDepth = 16,
    });

    /// <summary>Gives options this format: for clients that bring their own, MassTransit's among them.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;

        // People read these bodies in terminals and logs; no body is ever put into a page unescaped.
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false));
        options.Converters.Add(new DurationConverter());
        options.Converters.Add(new InstantConverter());
        return options;
    }

    private sealed class TolerantWords : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

        public override JsonConverter? CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter?)Activator.CreateInstance(typeof(TolerantWord<>).MakeGenericType(typeToConvert));
    }

    private sealed class TolerantWord<T> : JsonConverter<T>
        where T : struct, Enum
    {
        private static readonly Dictionary<string, T> Words = Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Words.GetValueOrDefault(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString()));
    }

    private sealed class DurationConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            try
            {
                return XmlConvert.ToTimeSpan(reader.GetString()!);
            }
            catch (Exception error) when (error is FormatException or OverflowException or ArgumentNullException)
            {
                throw new JsonException("a duration is written as ISO-8601, for example \"PT0.5S\"", error);
            }
        }

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteStringValue(XmlConvert.ToString(value));
    }

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TryGetDateTimeOffset(out var instant)
                ? instant.ToUniversalTime()
                : throw new JsonException("an instant is written as ISO-8601 in UTC, for example \"2026-01-31T12:00:00Z\"");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));
    }
}
