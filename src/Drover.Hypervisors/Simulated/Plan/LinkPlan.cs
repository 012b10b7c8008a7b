namespace Drover.Hypervisors.Simulated;

/// <summary>
/// A network link, full duplex. A transfer loads the outgoing way of its source's link and the incoming way of its destination's; those that load the same
/// way share it fairly.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="BytesPerSecond">Speed each way, in bytes per second on the wire: 62 500 000 for 500 Mbit/s.</param>
public sealed record LinkPlan(string Name, long BytesPerSecond);
