using System.Text;
using System.Text.Json;
using Drover.Bus;
using Microsoft.AspNetCore.Http;

namespace Drover.Api.Commands;

/// <summary>The body of a command over HTTP: what the bus takes, except that what the address names may be left out.</summary>
internal static class CommandBody
{
    /// <summary>As on the bus: 64 KiB.</summary>
    public const int MaxBytes = CommandReader.MaxBodyBytes;

    /// <summary>Reads no more than one byte beyond <see cref="MaxBytes"/>, which is enough for it to be refused.</summary>
    public static async Task<byte[]> Read(HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = new byte[MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..length];
    }

    /// <summary>Puts a member, such as <c>migrationId</c>, into an object that has none. Anything else stays as it came, for the strict reader to judge.</summary>
    public static byte[] With(byte[] body, string member, string value)
    {
        if (body.Length == 0)
            body = "{}"u8.ToArray();
        if (InsertionPoint(body, member) is not { } place)
            return body;
        var text = Encoding.UTF8.GetBytes($"\"{member}\":{JsonSerializer.Serialize(value)}{(place.Empty ? "" : ",")}");
        return [.. body.AsSpan(0, place.Offset), .. text, .. body.AsSpan(place.Offset)];
    }

    private static (int Offset, bool Empty)? InsertionPoint(byte[] body, string member)
    {
        try
        {
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxBytes });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            var offset = (int)reader.BytesConsumed;
            var empty = true;
            while (reader.Read())
            {
                if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                {
                    empty = false;
                    if (reader.ValueTextEquals(member))
                        return null;
                }
            }
            return (offset, empty);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
