using System.Net.Mime;
using MassTransit;
using MassTransit.Serialization;

namespace Drover.Simulation.Mail;

/// <summary>The endpoint's side of a delivery, where there is no endpoint: what is sent goes to the outlet.</summary>
internal sealed class Receipt(Outlet outlet, CancellationToken cancellationToken) : ReceiveContext
{
    public CancellationToken CancellationToken => cancellationToken;

    public ISendEndpointProvider SendEndpointProvider => outlet;

    public IPublishEndpointProvider PublishEndpointProvider => outlet;

    public TimeSpan ElapsedTime => TimeSpan.Zero;

    public Uri InputAddress { get; } = new("loopback://localhost/simulation");

    public ContentType ContentType => throw NotSimulated();

    public bool Redelivered => false;

    public Headers TransportHeaders => EmptyHeaders.Instance;

    public Task ReceiveCompleted => Task.CompletedTask;

    public bool IsDelivered => true;

    public bool IsFaulted => false;

    public bool PublishFaults => false;

    public MessageBody Body => throw NotSimulated();

    public void AddReceiveTask(Task task)
    {
    }

    public Task NotifyConsumed<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    public Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class => Task.CompletedTask;

    public Task NotifyFaulted(Exception exception) => Task.CompletedTask;

    public bool HasPayloadType(Type payloadType) => false;

    public bool TryGetPayload<T>(out T payload)
        where T : class
    {
        payload = null!;
        return false;
    }

    public T GetOrAddPayload<T>(PayloadFactory<T> payloadFactory)
        where T : class => throw NotSimulated();

    public T AddOrUpdatePayload<T>(PayloadFactory<T> addFactory, UpdatePayloadFactory<T> updateFactory)
        where T : class => throw NotSimulated();

    private static NotSupportedException NotSimulated() => new("a simulated message has no bytes and no transport");
}
