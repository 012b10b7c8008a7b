using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Drover.Health;

/// <summary>How a coordinator or an agent can be asked whether it is ready; the API answers that itself. Configuration section <c>Health</c>.</summary>
internal sealed class HealthOptions : IValidatableObject
{
    /// <summary>
    /// Where <c>/health/live</c> and <c>/health/ready</c> are answered: <c>http://</c>, an address of this machine's loopback, a port (0 takes a free one).
    /// Default none: systemd's status line and the log say the same.
    /// </summary>
    public string? Listen { get; set; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Listen is null)
            yield break;
        if (!Uri.TryCreate(Listen, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || uri.PathAndQuery != "/"
            || !(uri.Host == "localhost" || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address))))
        {
            yield return new ValidationResult($"Health:Listen \"{Listen}\" is no address of this machine's loopback: write it like http://127.0.0.1:8481.", [nameof(Listen)]);
        }
    }
}
