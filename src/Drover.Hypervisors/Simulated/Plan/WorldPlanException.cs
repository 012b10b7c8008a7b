namespace Drover.Hypervisors.Simulated;

/// <summary>A plan that no world can have.</summary>
/// <param name="message">One sentence: what is wrong.</param>
public sealed class WorldPlanException(string message) : Exception(message);
