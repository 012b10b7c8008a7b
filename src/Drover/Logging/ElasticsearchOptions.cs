using System.ComponentModel.DataAnnotations;

namespace Drover.Logging;

/// <summary>Logs as ECS documents in an Elasticsearch data stream. Configuration section <c>Log:Elasticsearch</c>.</summary>
internal sealed class ElasticsearchOptions : IValidatableObject
{
    /// <summary>The cluster ("https://logs:9200"); null turns this off. Default null.</summary>
    public Uri? Url { get; set; }

    /// <summary>The data stream: type, data set and namespace joined by dashes. Default <c>logs-drover-default</c>, which Elasticsearch's own <c>logs-*-*</c> template makes.</summary>
    public string DataStream { get; set; } = "logs-drover-default";

    /// <summary>A file that holds an API key, as Elasticsearch encodes it. Default none.</summary>
    public string? ApiKeyFile { get; set; }

    /// <summary>Documents in one request, 1 to 10000. Default 500: about half a megabyte.</summary>
    [Range(1, 10_000)]
    public int BatchSize { get; set; } = 500;

    /// <summary>How long events gather before they are sent, 100 ms to 1 minute. Default 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan BatchEvery { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Events that wait in memory; more are dropped. Default 20000: about 20 MB.</summary>
    [Range(1, 1_000_000)]
    public int QueueLimit { get; set; } = 20_000;

    /// <summary>How long one batch is tried again before it is dropped, 1 s to 10 minutes. Default 60 s: a node's restart.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Rules across members.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url is not null && (!Url.IsAbsoluteUri || Url.Scheme is not ("http" or "https")))
            yield return new ValidationResult("Log:Elasticsearch:Url must begin with http:// or https://.", [nameof(Url)]);
        if (DataStream.Length is 0 or > 100 || DataStream.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_' or '.')))
            yield return new ValidationResult($"Log:Elasticsearch:DataStream \"{DataStream}\" must be lower case letters, digits, '-', '_' and '.', for example logs-drover-default.", [nameof(DataStream)]);
    }
}
