using Drover.Bus;

namespace Drover.Health;

/// <summary>Everything that a role needs, asked at once.</summary>
internal sealed class Readiness(IEnumerable<IReadiness> needs)
{
    private readonly IReadOnlyList<IReadiness> _needs = [.. needs];

    /// <summary>What is missing, in sentences; null when the role can do its work.</summary>
    public async Task<string?> WhyNot(CancellationToken cancellationToken)
    {
        var missing = (await Task.WhenAll(_needs.Select(need => need.WhyNot(cancellationToken)))).OfType<string>().ToList();
        return missing.Count == 0 ? null : string.Join(' ', missing);
    }
}
