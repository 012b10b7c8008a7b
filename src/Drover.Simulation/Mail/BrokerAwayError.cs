namespace Drover.Simulation.Mail;

/// <summary>What a program gets that sends while the broker is away.</summary>
internal sealed class BrokerAwayError() : IOException("the broker is away");
