using Drover.Contracts.Views;

namespace Drover.Demo;

/// <summary>One move of the story: what is asked, and how it must end for the story to have gone as told.</summary>
internal sealed class Move
{
    public required string Guest { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }

    /// <summary>What there is to see, in a few words.</summary>
    public required string About { get; init; }

    /// <summary>How it must end.</summary>
    public required string Ends { get; init; }

    /// <summary>The fewest passes over its memory.</summary>
    public long FewestPasses { get; init; } = 1;

    /// <summary>It must have waited for a lane.</summary>
    public bool Waits { get; init; }

    /// <summary>The id that the demo gave it; null until it is asked for.</summary>
    public Guid? Id { get; set; }

    /// <summary>When it was asked for.</summary>
    public TimeSpan AskedAt { get; set; }

    /// <summary>The last that the API told of it.</summary>
    public MigrationView? Seen { get; set; }

    /// <summary>Whether it was seen waiting, and for what.</summary>
    public string? WaitedFor { get; set; }

    /// <summary>It has ended.</summary>
    public bool IsOver => Seen?.EndedAt is not null;

    /// <summary>What went otherwise than told; null when nothing did.</summary>
    public string? Wrong => this switch
    {
        { IsOver: false } => $"{Guest} has not ended: it is {Seen?.State ?? "not known"}",
        _ when Seen!.State != Ends => $"{Guest} should be {Ends} and is {Seen.State}: {Seen.Reason}",
        _ when Ends == "completed" && Seen.Passes < FewestPasses => $"{Guest} should take {FewestPasses} passes at least and took {Seen.Passes}",
        _ when Waits && WaitedFor is null => $"{Guest} should wait for a lane and did not",
        _ => null,
    };
}
