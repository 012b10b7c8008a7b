using System.Text.Json;
using Drover.Contracts;

namespace Drover.Client;

/// <summary>Problem details, as far as a command tells them.</summary>
internal sealed record Problem
{
    /// <summary>The kind, for programs.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence.</summary>
    public required string Detail { get; init; }

    /// <summary>Reads an error's body; null when it is not one of the API's.</summary>
    public static Problem? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Problem>(text, ContractsJson.Tolerant);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
