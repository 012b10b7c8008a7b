using Drover.Bus;
using MassTransit;
using MassTransit.InMemoryTransport;

namespace Drover.Simulation.Mail;

/// <summary>Where a process puts what it sends: MassTransit's interfaces, as far as Drover uses them, with letters behind.</summary>
internal sealed class Outlet(Func<Guid> newId, Func<Letter, Task> post) : ISendEndpointProvider, IPublishEndpoint, IPublishEndpointProvider
{
    /// <summary>What goes to the events' exchange.</summary>
    public const string Events = "drover.events";

    public Task<ISendEndpoint> GetSendEndpoint(Uri address) => Task.FromResult<ISendEndpoint>(new Endpoint(this, address.AbsolutePath));

    public Task<ISendEndpoint> GetPublishSendEndpoint<T>()
        where T : class => Task.FromResult<ISendEndpoint>(new Endpoint(this, Events));

    public Task Publish<T>(T message, CancellationToken cancellationToken = default)
        where T : class => Send(Events, message, pipe: null);

    private async Task Send<T>(string queue, T message, IPipe<SendContext<T>>? pipe)
        where T : class
    {
        var context = new InMemorySendContext<T>(message);
        if (pipe is not null)
            await pipe.Send(context);
        await post(new Letter<T>(message is WireEvent wire ? wire.EventId : newId(), queue, context.RoutingKey, message));
    }

    private sealed class Endpoint(Outlet outlet, string queue) : ISendEndpoint
    {
        public Task Send<T>(T message, CancellationToken cancellationToken = default)
            where T : class => outlet.Send(queue, message, pipe: null);

        public Task Send<T>(T message, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken = default)
            where T : class => outlet.Send(queue, message, pipe);

        public Task Send<T>(T message, IPipe<SendContext> pipe, CancellationToken cancellationToken = default)
            where T : class => throw NotSimulated();

        public Task Send(object message, CancellationToken cancellationToken = default) => throw NotSimulated();

        public Task Send(object message, Type messageType, CancellationToken cancellationToken = default) => throw NotSimulated();

        public Task Send(object message, IPipe<SendContext> pipe, CancellationToken cancellationToken = default) => throw NotSimulated();

        public Task Send(object message, Type messageType, IPipe<SendContext> pipe, CancellationToken cancellationToken = default) => throw NotSimulated();

        public Task Send<T>(object values, CancellationToken cancellationToken = default)
            where T : class => throw NotSimulated();

        public Task Send<T>(object values, IPipe<SendContext<T>> pipe, CancellationToken cancellationToken = default)
            where T : class => throw NotSimulated();

        public Task Send<T>(object values, IPipe<SendContext> pipe, CancellationToken cancellationToken = default)
            where T : class => throw NotSimulated();

        public ConnectHandle ConnectSendObserver(ISendObserver observer) => throw NotSimulated();
    }

    public ConnectHandle ConnectSendObserver(ISendObserver observer) => throw NotSimulated();

    public ConnectHandle ConnectPublishObserver(IPublishObserver observer) => throw NotSimulated();

    public Task Publish<T>(T message, IPipe<PublishContext<T>> publishPipe, CancellationToken cancellationToken = default)
        where T : class => throw NotSimulated();

    public Task Publish<T>(T message, IPipe<PublishContext> publishPipe, CancellationToken cancellationToken = default)
        where T : class => throw NotSimulated();

    public Task Publish(object message, CancellationToken cancellationToken = default) => throw NotSimulated();

    public Task Publish(object message, IPipe<PublishContext> publishPipe, CancellationToken cancellationToken = default) => throw NotSimulated();

    public Task Publish(object message, Type messageType, CancellationToken cancellationToken = default) => throw NotSimulated();

    public Task Publish(object message, Type messageType, IPipe<PublishContext> publishPipe, CancellationToken cancellationToken = default) => throw NotSimulated();

    public Task Publish<T>(object values, CancellationToken cancellationToken = default)
        where T : class => throw NotSimulated();

    public Task Publish<T>(object values, IPipe<PublishContext<T>> publishPipe, CancellationToken cancellationToken = default)
        where T : class => throw NotSimulated();

    public Task Publish<T>(object values, IPipe<PublishContext> publishPipe, CancellationToken cancellationToken = default)
        where T : class => throw NotSimulated();

    private static NotSupportedException NotSimulated() => new("Drover did not send in this way when the simulation was written: add it to Drover.Simulation.Mail.Outlet.");
}
