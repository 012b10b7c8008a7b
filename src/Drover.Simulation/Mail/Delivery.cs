using MassTransit;
using MassTransit.Context;
using MassTransit.Serialization;

namespace Drover.Simulation.Mail;

/// <summary>A delivered message as a consumer or a saga sees it, without a bus: its body, where to send, and the services of its scope.</summary>
internal sealed class Delivery<T>(T message, Guid id, Outlet outlet, IServiceProvider services, CancellationToken cancellationToken)
    : BaseConsumeContext(new Receipt(outlet, cancellationToken), null!), ConsumeContext<T>
    where T : class
{
    private readonly Dictionary<Type, object> _payloads = new() { [typeof(IServiceProvider)] = services };

    public T Message => message;

    public override CancellationToken CancellationToken => cancellationToken;

    public override Guid? MessageId => id;

    public override bool HasPayloadType(Type payloadType) => _payloads.ContainsKey(payloadType);

    public override bool TryGetPayload<TPayload>(out TPayload payload)
    {
        var found = _payloads.TryGetValue(typeof(TPayload), out var value);
        payload = (TPayload)value!;
        return found;
    }

    public override TPayload GetOrAddPayload<TPayload>(PayloadFactory<TPayload> payloadFactory)
    {
        if (!TryGetPayload<TPayload>(out var payload))
            _payloads[typeof(TPayload)] = payload = payloadFactory();
        return payload;
    }

    public override TPayload AddOrUpdatePayload<TPayload>(PayloadFactory<TPayload> addFactory, UpdatePayloadFactory<TPayload> updateFactory)
    {
        var payload = TryGetPayload<TPayload>(out var existing) ? updateFactory(existing) : addFactory();
        _payloads[typeof(TPayload)] = payload;
        return payload;
    }

    public override bool HasMessageType(Type messageType) => messageType.IsInstanceOfType(message);

    public override bool TryGetMessage<TMessage>(out ConsumeContext<TMessage> consumeContext)
    {
        consumeContext = (this as ConsumeContext<TMessage>)!;
        return consumeContext is not null;
    }

    public override void AddConsumeTask(Task task)
    {
    }

    public Task NotifyConsumed(TimeSpan duration, string consumerType) => Task.CompletedTask;

    public Task NotifyFaulted(TimeSpan duration, string consumerType, Exception exception) => Task.CompletedTask;

    public override Guid? RequestId => null;

    public override Guid? CorrelationId => null;

    public override Guid? ConversationId => null;

    public override Guid? InitiatorId => null;

    public override DateTime? ExpirationTime => null;

    public override Uri SourceAddress => null!;

    public override Uri DestinationAddress => null!;

    public override Uri ResponseAddress => null!;

    public override Uri FaultAddress => null!;

    public override DateTime? SentTime => null;

    public override Headers Headers => EmptyHeaders.Instance;

    public override HostInfo Host => throw new NotSupportedException("a simulated message has no sending machine");

    public override IEnumerable<string> SupportedMessageTypes => [];

    public override Task ConsumeCompleted => Task.CompletedTask;
}
