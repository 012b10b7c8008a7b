using System.Text.Json;
using Drover.Contracts;
using Drover.Contracts.Commands;

namespace Drover.Bus;

/// <summary>Reads the body of a public command: strictly, and without ever throwing.</summary>
public static class CommandReader
{
    /// <summary>Reads a body.</summary>
    public static CommandRead<T> Read<T>(ReadOnlySpan<byte> body)
        where T : class
    {
        try
        {
            return new CommandRead<T>.Ok(JsonSerializer.Deserialize<T>(body, ContractsJson.Strict)!);
        }
        catch (JsonException error)
        {
            return new CommandRead<T>.Rejected(RejectionCode.NotJson, error.Message, null);
        }
    }
}
