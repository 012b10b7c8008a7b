using MassTransit;

namespace Drover.Bus;

/// <summary>Whether the bus is connected and all its queues are read.</summary>
public sealed class BusReadiness(IBusControl bus) : IReadiness
{
    /// <inheritdoc />
    public Task<string?> WhyNot(CancellationToken cancellationToken) => Task.FromResult(WhyNot(bus));

    /// <summary>The same, at once.</summary>
    public static string? WhyNot(IBusControl bus)
    {
        ArgumentNullException.ThrowIfNull(bus);
        return bus.CheckHealth() is { Status: not BusHealthStatus.Healthy } health ? $"The bus is away: {health.Description}." : null;
    }
}
