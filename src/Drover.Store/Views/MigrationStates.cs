using System.Text.Json;

namespace Drover.Store.Views;

/// <summary>How the states' names are written for people and programs outside: <c>pre-copying</c> for <c>PreCopying</c>.</summary>
public static class MigrationStates
{
    private static readonly string[] _names =
        ["Requested", "Queued", "Preparing", "PreCopying", "PostCopying", "PostCopyInterrupted", "Cancelling", "Unsure", "Completed", "Cancelled", "Failed"];

    /// <summary>Every state's public name, in life order.</summary>
    public static IReadOnlyList<string> All { get; } = [.. _names.Select(Public)];

    /// <summary>A stored state's public name.</summary>
    public static string Public(string state) => JsonNamingPolicy.KebabCaseLower.ConvertName(state);

    /// <summary>The stored name of a public one; null when there is no such state.</summary>
    public static string? Stored(string name) => _names.FirstOrDefault(state => Public(state) == name);
}
