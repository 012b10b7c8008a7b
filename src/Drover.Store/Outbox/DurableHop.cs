using System.Collections.Concurrent;
using MassTransit;
using Microsoft.EntityFrameworkCore;

namespace Drover.Store.Outbox;

/// <summary>
/// Keeps a row until the message's effect is committed, for a transport that loses its queues with the process. Who will consume a message is known, since
/// all its consumers live in this process; each of them counts the row down in its own transaction, and the last one deletes it. What this process has sent
/// is remembered in memory only: after a restart nothing was sent yet, so everything is, and the inbox drops what was consumed before.
/// </summary>
internal sealed class DurableHop(EntityFrameworkOutboxConfigurator options)
{
    private readonly ConcurrentDictionary<long, bool> sent = new();
    private readonly ConcurrentBag<(string Endpoint, string MessageType)> receivers = [];

    public bool Enabled => options.DurableHop;

    /// <summary>Takes note of the consumers of one endpoint.</summary>
    public void Watch(IReceiveEndpointConfigurator endpoint)
    {
        var observer = new EndpointObserver(receivers, ShortAddress.EndpointOf(endpoint.InputAddress));
        endpoint.ConnectConsumerConfigurationObserver(observer);
        endpoint.ConnectSagaConfigurationObserver(observer);
    }

    /// <summary>How many consumers will commit this message: those of the endpoint it goes to, or all of its type when it goes to an exchange.</summary>
    public int ReceiversOf(SendContext context)
    {
        if (!Enabled)
            return 0;
        if (options.ReceivingEndpoint(context) is { } named)
            return receivers.Count(receiver => receiver.Endpoint == named);
        var types = context.SupportedMessageTypes ?? [];
        var endpoint = ShortAddress.EndpointOf(context.DestinationAddress!);
        var toEndpoint = receivers.Any(receiver => receiver.Endpoint == endpoint);
        return receivers.Count(receiver => types.Contains(receiver.MessageType) && (!toEndpoint || receiver.Endpoint == endpoint));
    }

    /// <summary>Whether messages to an endpoint are committed by a consumer.</summary>
    public bool CommitsAt(string endpoint) => Enabled && receivers.Any(receiver => receiver.Endpoint == endpoint);

    /// <summary>True if the row is ours to send; false if it is on its way already.</summary>
    public bool Claim(OutboxMessage row) => row.Remaining == 0 || sent.TryAdd(row.SequenceNumber, true);

    /// <summary>The row could not be sent after all, or is gone.</summary>
    public void Forget(long sequenceNumber) => sent.TryRemove(sequenceNumber, out _);

    public bool IsClaimed(long sequenceNumber) => sent.ContainsKey(sequenceNumber);

    /// <summary>Says, in the consumer's transaction, that one consumer less is awaited. Returns the rows that are gone by it once the transaction commits.</summary>
    public static async Task<IReadOnlyList<long>> CountDown(DbContext db, Guid messageId, CancellationToken cancellationToken)
    {
        // Raw, and one statement for nearly every message: composed by EF these were a tenth of the process's CPU.
        var delete = $$"""DELETE FROM {{db.TableOf<OutboxMessage>()}} WHERE message_id = {0} AND remaining <= 1 RETURNING seq AS "Value" """;
        var gone = await db.Database.SqlQueryRaw<long>(delete, messageId).ToListAsync(cancellationToken);
        if (gone.Count == 0)
        {
            var countDown = $$"""UPDATE {{db.TableOf<OutboxMessage>()}} SET remaining = remaining - 1 WHERE message_id = {0}""";
            await db.Database.ExecuteSqlRawAsync(countDown, [messageId], cancellationToken);
        }

        return gone;
    }

    private sealed class EndpointObserver(ConcurrentBag<(string Endpoint, string MessageType)> receivers, string endpoint)
        : IConsumerConfigurationObserver, ISagaConfigurationObserver
    {
        public void ConsumerConfigured<TConsumer>(IConsumerConfigurator<TConsumer> configurator)
            where TConsumer : class
        {
        }

        public void ConsumerMessageConfigured<TConsumer, TMessage>(IConsumerMessageConfigurator<TConsumer, TMessage> configurator)
            where TConsumer : class
            where TMessage : class => receivers.Add((endpoint, MessageUrn.ForTypeString<TMessage>()));

        public void SagaConfigured<TSaga>(ISagaConfigurator<TSaga> configurator)
            where TSaga : class, ISaga
        {
        }

        public void StateMachineSagaConfigured<TInstance>(ISagaConfigurator<TInstance> configurator, SagaStateMachine<TInstance> stateMachine)
            where TInstance : class, ISaga, SagaStateMachineInstance
        {
        }

        public void SagaMessageConfigured<TSaga, TMessage>(ISagaMessageConfigurator<TSaga, TMessage> configurator)
            where TSaga : class, ISaga
            where TMessage : class => receivers.Add((endpoint, MessageUrn.ForTypeString<TMessage>()));
    }
}
