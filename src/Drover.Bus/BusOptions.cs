using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Drover.Bus;

/// <summary>How a role reaches the others. Configuration section <c>Bus</c>.</summary>
public sealed class BusOptions : IValidatableObject
{
    /// <summary>What carries the messages. Default <see cref="BusTransport.RabbitMq"/>.</summary>
    public BusTransport Transport { get; set; } = BusTransport.RabbitMq;

    /// <summary>The broker: <c>amqp://user:password@host:port/vhost</c>, or <c>amqps</c> for TLS. Required for RabbitMQ; never logged.</summary>
    public Uri? Url { get; set; }

    /// <summary>A file that holds the password alone (a final newline is ignored); wins over a password in <see cref="Url"/>. Default none.</summary>
    public string? PasswordFile { get; set; }

    /// <summary>The password in <see cref="PasswordFile"/>; null without one.</summary>
    internal string? Password => PasswordFile is null ? null : File.ReadAllText(PasswordFile).TrimEnd('\r', '\n');

    /// <summary>
    /// How long an order waits for its agent, 1 s to 1 hour. Default 60 s: twelve missed reports, longer than an agent takes to restart,
    /// shorter than an operator's patience. After it the order is dead: it goes to <see cref="Queues.ReturnedOrders"/> and has no effect any more.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan OrderTimeToLive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Whether agents' queues are quorum queues. Default true. Above about a thousand hosts set it to false before the first start: a classic queue costs
    /// 33 KB and 4 ms to declare, a quorum queue 130 KB and 8 ms, and orders can be built again from rows. A queue's kind cannot be changed once it exists.
    /// </summary>
    public bool QuorumHostQueues { get; set; } = true;

    /// <summary>How long a start waits for the broker and all queues before it fails, 1 s to 10 minutes. Default 60 s: a broker that boots beside us takes about 20.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a stop waits for consumers at work, 100 ms to 1 minute. Default 5 s; what is not done by then is delivered again elsewhere.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Rules across members.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Transport != BusTransport.RabbitMq)
            yield break;
        if (Url is null)
            yield return new ValidationResult("Bus:Url is required for RabbitMQ, for example amqp://drover@localhost:5672/", [nameof(Url)]);
        else if (!Url.IsAbsoluteUri || Url.Scheme is not ("amqp" or "amqps"))
            yield return new ValidationResult("Bus:Url must begin with amqp:// or amqps://", [nameof(Url)]);
        if (PasswordFile is not null && !File.Exists(PasswordFile))
            yield return new ValidationResult($"Bus:PasswordFile \"{PasswordFile}\" does not exist", [nameof(PasswordFile)]);
    }
}

/// <summary>Checks <see cref="BusOptions"/>; register it and call <c>ValidateOnStart</c>.</summary>
[OptionsValidator]
public sealed partial class BusOptionsValidator : IValidateOptions<BusOptions>;
