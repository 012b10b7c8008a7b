using Drover.Policy.Model;

namespace Drover.Policy.Verdicts;

/// <summary>
/// What an operator says of a guest when the evidence does not decide: "web runs on host-b", or "web runs nowhere". The words must name the guest and the
/// place, so that nobody resolves the wrong migration out of habit; and no host that answers may contradict them.
/// </summary>
/// <param name="Guest">The guest's name or UUID, as the words have it.</param>
/// <param name="Host">The host that they name; null for nowhere.</param>
public sealed record Statement(string Guest, string? Host)
{
    private const string On = " runs on ";
    private const string Nowhere = " runs nowhere";

    /// <summary>Reads the words; null when they are none of the two sentences.</summary>
    public static Statement? Read(string words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var text = words.Trim().TrimEnd('.');
        var on = text.LastIndexOf(On, StringComparison.Ordinal);
        if (on > 0 && text[(on + On.Length)..].Trim() is { Length: > 0 } host && !host.Contains(' ', StringComparison.Ordinal))
            return new Statement(text[..on].Trim(), host);
        return text.EndsWith(Nowhere, StringComparison.Ordinal) && text.Length > Nowhere.Length ? new Statement(text[..^Nowhere.Length].Trim(), null) : null;
    }

    /// <summary>What is wrong with ending a migration so on these words; null when they fit each other.</summary>
    /// <param name="outcome">The end.</param>
    /// <param name="guest">The guest's name.</param>
    /// <param name="uuid">The guest.</param>
    /// <param name="source">The host it moves from.</param>
    /// <param name="destination">The host it moves to.</param>
    public string? Misfit(Outcome outcome, string guest, Guid uuid, string source, string destination) => outcome switch
    {
        _ when Guest != guest && !(Guid.TryParse(Guest, out var named) && named == uuid) => $"the statement speaks of \"{Guest}\", and this migration's guest is \"{guest}\"",
        Outcome.Completed when Host != destination => $"completed means \"{guest} runs on {destination}\"",
        Outcome.Cancelled when Host != source => $"cancelled means \"{guest} runs on {source}\"",
        Outcome.Failed when Host == destination => $"a guest that runs on {destination} was moved: that is completed, not failed",
        _ => null,
    };

    /// <summary>Which testimony contradicts it, in words; null when none does. Who does not answer contradicts nothing.</summary>
    /// <param name="source">The host the guest moves from.</param>
    /// <param name="fromSource">What it says.</param>
    /// <param name="destination">The host the guest moves to.</param>
    /// <param name="fromDestination">What it says.</param>
    public string? Contradiction(string source, Testimony fromSource, string destination, Testimony fromDestination) =>
        Contradiction(source, fromSource) ?? Contradiction(destination, fromDestination);

    private string? Contradiction(string host, Testimony testimony) => testimony switch
    {
        Testimony.Present { State.Job: GuestJob.MigrationIn or GuestJob.MigrationOut } => $"{host} says that the guest is being moved now",
        Testimony.Present { State.Power: GuestPower.Running or GuestPower.Other } when host != Host => $"{host} says that the guest runs there",
        Testimony.Present { State.Power: GuestPower.Paused } when Host is null => $"{host} says that it holds the guest, paused",
        Testimony.Present { State.Power: GuestPower.ShutOff or GuestPower.Crashed } when host == Host => $"{host} says that the guest is off there",
        Testimony.Absent when host == Host => $"{host} says that it does not have the guest",
        Testimony.ConfirmedDown when host == Host => $"{host} is confirmed down",
        _ => null,
    };
}
