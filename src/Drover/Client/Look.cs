using Drover.Contracts.Migrations;
using Drover.Contracts.Views;

namespace Drover.Client;

/// <summary>A migration at one moment, as one line of facts.</summary>
/// <param name="State">Its state, or what is moved now.</param>
/// <param name="Percent">0 to 100.</param>
/// <param name="Facts">What else there is to say, the most important first.</param>
internal sealed record Look(string State, int Percent, IReadOnlyList<string> Facts)
{
    /// <summary>Accepted by the API, not yet by a coordinator.</summary>
    public static Look Accepted(TimeSpan waited) => new("accepted", 0, ["nobody has taken it up yet", Units.Duration(waited)]);

    public static Look At(MigrationView view, TimeSpan waited) => view switch
    {
        { State: "pre-copying" or "post-copying" or "cancelling", Progress: { } progress } => Moving(view.State, progress),
        { Reason: { Length: > 0 } reason } => new(view.State, view.Progress?.Percent ?? 0, [reason, Units.Duration(waited)]),
        _ => new(view.State, view.Progress?.Percent ?? 0, [Units.Duration(waited)]),
    };

    /// <summary>What a new line is worth when lines cannot be drawn over: a new state, phase or pass.</summary>
    public string Step => Facts is [var first, ..] && first.StartsWith("pass", StringComparison.Ordinal) ? $"{State} {first}" : State;

    private static Look Moving(string state, MigrationProgressed progress)
    {
        var phase = progress.Phase switch
        {
            TransferPhase.Setup => "setting up",
            TransferPhase.Disks => "disks",
            TransferPhase.PreCopy => "pre-copy",
            TransferPhase.PostCopy => "post-copy",
        };
        List<string> facts =
        [
            $"pass {progress.Pass}",
            $"{Units.Bytes(progress.RemainingBytes)} left",
            $"{Units.Bytes(progress.BytesPerSecond)}/s",
            $"dirty {Units.Bytes(progress.DirtyBytesPerSecond)}/s",
            Units.Duration(progress.Elapsed),
        ];
        if (progress.ThrottlePercent > 0)
            facts.Insert(4, $"throttle {progress.ThrottlePercent}%");
        return new(state == "cancelling" ? state : phase, progress.Percent, facts);
    }
}
