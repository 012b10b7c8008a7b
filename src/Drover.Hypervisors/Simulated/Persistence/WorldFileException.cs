namespace Drover.Hypervisors.Simulated;

/// <summary>A world's file cannot be used: it is damaged, belongs to another plan, or another process has it open.</summary>
/// <param name="message">One sentence: what is wrong and what can be done.</param>
/// <param name="inner">The cause.</param>
public sealed class WorldFileException(string message, Exception? inner = null) : Exception(message, inner);
