using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Drover.Api;

/// <summary>How the HTTP API is reached. Configuration section <c>Api</c>.</summary>
public sealed class ApiOptions : IValidatableObject
{
    /// <summary>Where it listens: <c>http://</c>, an address, a port (0 takes a free one). Default <c>http://127.0.0.1:8480</c>: this machine only.</summary>
    public string Listen { get; set; } = "http://127.0.0.1:8480";

    /// <summary>
    /// Lets <see cref="Listen"/> be an address that other machines reach. Default false: there is no authentication yet, so whoever reaches the API may move
    /// and cancel any guest. Set it only where something in front decides who may.
    /// </summary>
    public bool AllowUnauthenticatedRemote { get; set; }

    /// <summary>Whether only this machine reaches <see cref="Listen"/>.</summary>
    internal bool IsLoopback => Uri.TryCreate(Listen, UriKind.Absolute, out var uri)
        && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)));

    /// <summary>Rules across members.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        // Kestrel takes http://*:8480 and http://+:8480 for "every address"; as a Uri they do not parse.
        var url = Listen?.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/")
            yield return new ValidationResult($"Api:Listen \"{Listen}\" is no address to listen on: write it like http://127.0.0.1:8480.", [nameof(Listen)]);
        else if (!IsLoopback && !AllowUnauthenticatedRemote)
        {
            yield return new ValidationResult(
                $"Api:Listen \"{Listen}\" is reached by other machines, and the API has no authentication yet: listen on 127.0.0.1, or set Api:AllowUnauthenticatedRemote to true where something in front decides who may.",
                [nameof(Listen)]);
        }
    }
}
