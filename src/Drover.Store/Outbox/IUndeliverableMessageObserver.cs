namespace Drover.Store.Outbox;

/// <summary>
/// Told when a message was parked because nobody can receive it. Observers come from the container and run in the transaction that parks the row: what they
/// publish through the bus outbox leaves exactly if the row is parked.
/// </summary>
public interface IUndeliverableMessageObserver
{
    /// <summary>True when nothing is left to be done with the message: its row is deleted, not kept. An exception leaves the row as it was; it is tried again later.</summary>
    Task<bool> Undeliverable(OutboxMessage message, string reason, CancellationToken cancellationToken);
}
