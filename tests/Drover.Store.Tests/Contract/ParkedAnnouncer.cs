using Drover.Store.Outbox;
using MassTransit;

namespace Drover.Store.Tests.Contract;

/// <summary>Announces a parked message as an effect of the thing that it was about.</summary>
public sealed class ParkedAnnouncer(IPublishEndpoint endpoint) : IUndeliverableMessageObserver
{
    /// <summary>The total of such an announcement.</summary>
    public const int Total = -1;

    public async Task<bool> Undeliverable(OutboxMessage message, string reason, CancellationToken cancellationToken)
    {
        await endpoint.Publish(new Counted { TallyId = message.CorrelationId!.Value, Total = Total }, cancellationToken);
        return false;
    }
}
