namespace Drover.Store.Outbox;

/// <summary>
/// Told when a message was parked because nobody can receive it. Observers come from the container and run in the transaction that parks the row: what they
/// publish through the bus outbox leaves exactly if the row is parked.
/// </summary>
public interface IUndeliverableMessageObserver
{
    /// <summary>An exception leaves the row as it was; it is tried again later.</summary>
    Task Undeliverable(OutboxMessage message, string reason, CancellationToken cancellationToken);
}
