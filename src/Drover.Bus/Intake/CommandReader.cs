using System.Text.Json;
using System.Text.Unicode;
using Drover.Contracts;
using Drover.Contracts.Commands;

namespace Drover.Bus;

/// <summary>
/// Reads the body of a public command: strictly, and without ever throwing, whatever the bytes. A rejection says what would be right, and echoes at most
/// a few characters of what was sent.
/// </summary>
public static class CommandReader
{
    /// <summary>The largest body that is read: 64 KiB, some fifty times a command with every member filled.</summary>
    public const int MaxBodyBytes = 64 * 1024;

    // Depth is no fault of its own: too deep a value is the wrong kind of value for its member. JsonDocument does not recurse.
    private static readonly JsonDocumentOptions _json = new() { MaxDepth = MaxBodyBytes };

    /// <summary>Reads a body as a command of <see cref="RoutingKeys.Commands"/>.</summary>
    public static CommandRead<T> Read<T>(ReadOnlySpan<byte> body)
        where T : class
    {
        try
        {
            return FaultBeforeParsing(body) is { } early ? Reject<T>(early, body) : Parse<T>(body);
        }
        catch (JsonException error)
        {
            var where = error.LineNumber is { } line ? $" (line {line + 1}, byte {error.BytePositionInLine + 1})" : "";
            return Reject<T>(new(RejectionCode.NotJson, $"The body is not JSON{where}; send one JSON object in UTF-8."), body);
        }
    }

    private static CommandFault? FaultBeforeParsing(ReadOnlySpan<byte> body) => body switch
    {
        { Length: > MaxBodyBytes } => new(RejectionCode.BodyTooLarge, $"The body has {body.Length} bytes; at most {MaxBodyBytes} are read."),
        { Length: 0 } => new(RejectionCode.NotJson, "The body is empty; send one JSON object."),
        _ when !Utf8.IsValid(body) => new(RejectionCode.NotJson, "The body is not UTF-8; send one JSON object in UTF-8."),
        _ => null,
    };

    private static CommandRead<T> Parse<T>(ReadOnlySpan<byte> body)
        where T : class
    {
        using var document = JsonDocument.Parse(body.ToArray(), _json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            return Reject<T>(new(RejectionCode.NotJson, $"The body is a JSON {document.RootElement.ValueKind.ToString().ToLowerInvariant()}; send one JSON object."), body);
        if (CommandShape.Check(typeof(T), document.RootElement) is { } misshapen)
            return Reject<T>(misshapen, body);
        var command = document.RootElement.Deserialize<T>(ContractsJson.Strict)!;
        return CommandRules.Check(command) is { } outOfRange ? Reject<T>(outOfRange, body) : new CommandRead<T>.Ok(command);
    }

    private static CommandRead<T>.Rejected Reject<T>(CommandFault fault, ReadOnlySpan<byte> body)
        where T : class => new(fault.Code, fault.Message, MigrationIdIn(body));

    /// <summary>The migration that a faulty body names: its first top-level <c>migrationId</c> that is a UUID, as far as the body can be read at all.</summary>
    private static Guid? MigrationIdIn(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body[..Math.Min(body.Length, MaxBodyBytes)], isFinalBlock: false, new JsonReaderState(new JsonReaderOptions { MaxDepth = MaxBodyBytes }));
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == 1 && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("migrationId"u8)
                    && reader.Read() && reader.TokenType == JsonTokenType.String && reader.TryGetGuid(out var id) && id != Guid.Empty)
                    return id;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // It cannot be read any further, which is why it is rejected.
        }
        return null;
    }
}
