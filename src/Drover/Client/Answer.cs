namespace Drover.Client;

/// <summary>An answer of the API.</summary>
/// <param name="Value">What it says.</param>
/// <param name="Json">The same as it came, for <c>--json</c>.</param>
internal sealed record Answer<T>(T Value, string Json);
