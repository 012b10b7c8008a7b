namespace Drover.Bus;

/// <summary>The broker could not be asked.</summary>
/// <param name="cause">Why.</param>
public sealed class BrokerAwayException(Exception cause) : Exception($"The broker could not be asked: {cause.GetBaseException().Message}", cause);
