using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Drover.Coordinator;

/// <summary>The coordinator's dials. Configuration section <c>Coordinator</c>.</summary>
public sealed class CoordinatorOptions
{
    /// <summary>Migrations that may leave a host at once when nothing else was set for it. Default 2: one keeps a link busy, a second covers its set-up and end.</summary>
    [Range(0, 64)]
    public int OutLimit { get; set; } = 2;

    /// <summary>Migrations that may come to a host at once when nothing else was set for it. Default 2; libvirt's port range ends at 64.</summary>
    [Range(0, 64)]
    public int InLimit { get; set; } = 2;

    /// <summary>After how long without a report a host counts as silent. Default 15 s: three of an agent's reports.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "01:00:00")]
    public TimeSpan SilentAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a migration is kept after its end, with its events and decisions, and how long rejections and hosts' events are. Default 30 days: the monthly
    /// report still finds it. Its id is known for ever.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan KeepEndedFor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How often rows whose time is over are looked for. Default 1 s; one indexed query when there are none.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>Validates <see cref="CoordinatorOptions"/> at start.</summary>
[OptionsValidator]
public sealed partial class CoordinatorOptionsValidator : IValidateOptions<CoordinatorOptions>;
