using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Drover.Agent;

/// <summary>Settings of one host's agent (configuration section "Agent").</summary>
public sealed class AgentOptions : IValidatableObject
{
    /// <summary>The configuration section's name.</summary>
    public const string Section = "Agent";

    /// <summary>The host's name: the one that requests use, and the routing key of its orders. Must be libvirt's own name of the host, see <see cref="AllowOtherHostName"/>.</summary>
    [Required, RegularExpression("[A-Za-z0-9]([A-Za-z0-9._-]{0,198}[A-Za-z0-9])?")]
    public string Host { get; set; } = "";

    /// <summary>
    /// Lets <see cref="Host"/> differ from the name that libvirt gives (its host name, or that name up to the first dot). Default false: an agent that talks to
    /// another host's libvirt by mistake would testify for the wrong host.
    /// </summary>
    public bool AllowOtherHostName { get; set; }

    /// <summary>This host's libvirt, as the other hosts' libvirt reach it: <c>qemu+tcp://10.0.0.2/system</c>. A local URI would be refused by libvirt.</summary>
    [Required]
    public string PeerUri { get; set; } = "";

    /// <summary>Where memory streams to this host go: <c>tcp://10.0.0.2</c>. Default null: libvirt chooses, from this host's own name.</summary>
    public string? MigrateUri { get; set; }

    /// <summary>Time between two reports of presence. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan ReportEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Time after which the inventory is sent though nothing changed, and unfinished business is looked for though nothing was heard of. Default 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan InventoryEvery { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long changes gather before they are reported. Default 200 ms: a guest that starts or moves causes several at once.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan ReportDelay { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Time between two readings of a running migration. Default 1 s: the finest that progress needs, and a look more each second at most.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan SampleEvery { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The most outgoing transfers at once; more are refused. Default 32: a bound on connections and threads. Operators' limits are the coordinator's.</summary>
    [Range(1, 64)]
    public int MaxTransfers { get; set; } = 32;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(PeerUri, UriKind.Absolute, out var peer) || peer.Host.Length == 0)
            yield return new ValidationResult("PeerUri names no host: it must be a URI that other hosts can use, such as qemu+tcp://10.0.0.2/system", [nameof(PeerUri)]);
        if (MigrateUri is not null && (!Uri.TryCreate(MigrateUri, UriKind.Absolute, out var stream) || stream.Host.Length == 0))
            yield return new ValidationResult("MigrateUri names no host: it must be such as tcp://10.0.0.2, or be left out", [nameof(MigrateUri)]);
    }
}

/// <summary>Checks <see cref="AgentOptions"/> at start.</summary>
[OptionsValidator]
public sealed partial class AgentOptionsValidator : IValidateOptions<AgentOptions>;
